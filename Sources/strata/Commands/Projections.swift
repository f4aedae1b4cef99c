internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import PostgresEventStore
internal import Projections
internal import Runtime
internal import Terminal

struct ProjectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections", abstract: "Show how far each read model is behind the log.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let (head, statuses) = try await database.withShop(logs) { shop in
            (try await shop.store.head(), try await ReadModelStatus.load(ShopReadModels.all, pool: shop.pool))
        }
        if output.json {
            for status in statuses { printJSON(object(status, head)) }
            return
        }
        var table = Table("projection", "version", "position", "behind", "last write")
        for status in statuses {
            table.add(
                "\(status.name)", "\(status.version)", status.position.map { "\($0)" } ?? "not begun",
                status.position.map { "\(max(0, head.rawValue - $0.rawValue))" } ?? "\(head)",
                status.ageSeconds.map { "\($0) s ago" } ?? "")
        }
        print("head of the log: \(head)\n\n\(table.rendered)")
    }

    private func object(_ status: ReadModelStatus, _ head: Position) -> JSONObject {
        [
            "projection": .string(status.name.rawValue), "version": .integer(status.version),
            "position": status.position.map { .integer(Int($0.rawValue)) } ?? .null,
            "behind": .integer(Int(head.rawValue - (status.position?.rawValue ?? 0))),
        ]
    }
}
