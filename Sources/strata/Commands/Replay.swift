internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import PostgresEventStore
internal import Projections
internal import Runtime
internal import Terminal

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rebuild a read model from the log, or from all logs.",
        discussion: """
            The new tables are built beside the live ones, which serve until the new ones take their place in one \
            transaction. With --check nothing is replaced: the new tables are compared with the live ones, row by row, \
            and the exit code is 2 when they differ or could not be compared.
            """)

    @Argument(help: "The read model: \(ShopReadModels.all.map(\.name.rawValue).joined(separator: ", ")), or 'all'.")
    var projection: String

    @Flag(help: "Compare with the live read model, and leave it as it is.")
    var check = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func validate() throws {
        guard projection == "all" || ShopReadModels.named(projection) != nil else {
            throw ValidationError(
                "There is no read model '\(projection)'. There are: "
                    + ShopReadModels.all.map(\.name.rawValue).joined(separator: ", ") + ".")
        }
    }

    func run() async throws {
        let models = projection == "all" ? ShopReadModels.all : [ShopReadModels.named(projection)].compactMap { $0 }
        let command = self
        let differs = try await database.withShop(logs) { shop in
            var differs = false
            for model in models { differs = try await command.replay(model, shop) || differs }
            return differs
        }
        if differs { throw ExitCode.attention }
    }

    /// - Returns: Whether a check found a difference.
    private func replay(_ model: any ReadModel, _ shop: Shop) async throws -> Bool {
        let bar = ProgressBar("\(model.name)")
        let rebuild = Rebuild(model, store: shop.store, pool: shop.pool)
        let report: @Sendable (Rebuild<RoutedEventStore<PostgresEventStore>>.Progress) -> Void = { progress in
            bar.show(
                Int(progress.positions.eventCount), of: Int(progress.heads.eventCount),
                note: "\(progress.eventCount) handled"
            )
        }
        guard check else {
            let progress = try await rebuild.run(report)
            bar.finish("rebuilt from \(progress.eventCount) events, up to position \(progress.positions)")
            if output.json {
                try printJSON([
                    "projection": .string(model.name.rawValue), "positions": EventOutput.object(progress.positions),
                    "events": .integer(progress.eventCount),
                ])
            }
            return false
        }
        let differing = try await rebuild.check(report)
        bar.finish(verdict(differing))
        if output.json {
            try printJSON([
                "projection": .string(model.name.rawValue), "isSame": differing.map { .boolean($0.isEmpty) } ?? .null,
                "differingTables": .array((differing ?? []).map { .string($0) }),
            ])
        }
        return differing?.isEmpty != true
    }

    /// - Parameter differing: The tables that differ; `nil` when they could not be compared.
    private func verdict(_ differing: [String]?) -> String {
        switch differing {
        case nil:
            "could not be compared: the live read model kept moving, or has not begun; try again when it is quiet"
        case let tables? where tables.isEmpty: "the same, row by row"
        case let tables?: "different rows in \(tables.joined(separator: ", "))"
        }
    }
}
