internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import PostgresEventStore

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema to what this program needs.",
        discussion: """
            Safe to run at any time and from several processes at once. A newer database is refused. With --logs it does so \
            for the database of each log, makes the logs that are not there, and records the routing, unless a stream that \
            has events would lie in another log.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let outcomes = try await database.withLogs(makesDatabase: true) { try await $0.migrate() }
        for outcome in outcomes { try show(outcome) }
    }

    private func show(_ outcome: Migrator.Outcome) throws {
        guard !output.json else {
            return try printJSON([
                "version": .integer(outcome.version), "applied": .array(outcome.applied.map { .string($0) }),
                "madeLogs": .array(outcome.madeLogs.map { .string($0.rawValue) }),
            ])
        }
        for name in outcome.applied { try printLine("applied \(name)") }
        for log in outcome.madeLogs { try printLine("made the log \(log)") }
        try printLine("The schema is at version \(outcome.version)\(outcome.applied.isEmpty ? " already" : "").")
    }
}
