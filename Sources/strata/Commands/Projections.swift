internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import PostgresEventStore
internal import Projections
internal import Runtime
internal import Terminal

struct ProjectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections", abstract: "Show how far each read model is behind the log, or behind each log.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let (heads, statuses) = try await database.withShop(logs) { shop in
            (
                try await shop.store.heads(),
                try await ReadModelStatus.load(ShopReadModels.all, shop.store.logNames, pool: shop.pool)
            )
        }
        if output.json {
            for status in statuses { try printJSON(object(status, heads[status.log])) }
            return
        }
        var table = Table("projection", "version", "log", "position", "behind", "last write")
        for status in statuses {
            table.add(
                "\(status.name)", "\(status.version)", "\(status.log)",
                status.position.map { "\($0)" } ?? "not begun", "\(status.behind(heads[status.log]))",
                status.ageSeconds.map { "\($0) s ago" } ?? "")
        }
        try printLine("head of the log: \(heads)\n\n\(table.rendered)")
    }

    private func object(_ status: ReadModelStatus, _ head: Position) -> JSONObject {
        [
            "projection": .string(status.name.rawValue), "version": .integer(status.version),
            "log": .string(status.log.rawValue),
            "position": status.position.map { .integer(Int($0.rawValue)) } ?? .null,
            "behind": .integer(Int(status.behind(head))),
        ]
    }
}
