internal import ArgumentParser
internal import EventCodec
internal import PostgresEventStore

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema to what this program needs.",
        discussion: "Safe to run at any time and from several processes at once. A newer database is refused.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let outcome = try await database.withDatabase { try await Migrator().migrate($0) }
        if output.json {
            printJSON(["version": .integer(outcome.version), "applied": .array(outcome.applied.map { .string($0) })])
        } else if outcome.applied.isEmpty {
            print("The schema is at version \(outcome.version) already.")
        } else {
            for name in outcome.applied { print("applied \(name)") }
            print("The schema is at version \(outcome.version).")
        }
    }
}
