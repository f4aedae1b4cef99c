internal import ArgumentParser
internal import EventSourcing
internal import PostgresEventStore
internal import Terminal

struct ExportEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the log to a file, one event on each line, for 'strata events import'.",
        discussion: "Writes what the log holds when it begins. docs/event-lines.md describes the lines.")

    @Argument(help: "The file, which must not exist; without it the events go to standard output.", completion: .file())
    var file: String?

    @Option(help: "Only events after this position.")
    var after: Int64 = 0

    @Option(help: "The log; needed where there are several.")
    var log: LogName?

    @OptionGroup var filter: FilterOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var logs: LogOptions

    func validate() throws {
        guard after >= 0 else { throw ValidationError("--after is 0 or more.") }
    }

    func run() async throws {
        let command = self
        // The file is made once signals are caught: one that ends the program earlier leaves none behind.
        let count = try await database.withShop(logs) { shop in
            let target = try ExportTarget(command.file)
            let count = try await command.write(shop.store.log(command.log), to: target)
            try target.finish()
            return count
        }
        note("\(count) events exported.")
    }

    private func write(_ store: PostgresEventStore, to target: ExportTarget) async throws -> Int {
        let head = try await store.head()
        let bar = ProgressBar("exporting")
        var count = 0
        guard head.rawValue > after else { return 0 }
        for try await batch in store.subscribe(after: Position(rawValue: after), filter: filter.filter, pageSize: 2_000)
        {
            let events = batch.events.prefix { $0.position <= head }
            try target.write(events.reduce(into: []) { $0 += EventLine.bytes(of: $1) + [0x0A] })
            count += events.count
            if file != nil {
                bar.show(Int(min(batch.position, head).rawValue - after), of: Int(head.rawValue - after))
            }
            if batch.position >= head { return count }
        }
        // A subscription just ends when its task is cancelled.
        try Task.checkCancellation()
        return count
    }
}
