internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import PostgresEventStore

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Look at the log, and carry it elsewhere.",
        subcommands: [ReadEvents.self, TailEvents.self, ExportEvents.self, ImportEvents.self],
        defaultSubcommand: ReadEvents.self)
}

/// Which events are wanted.
struct FilterOptions: ParsableArguments {
    @Option(help: "Only events of this type; may be given several times.")
    var type: [EventType] = []

    @Option(
        help: """
            Only events of streams of this category, the part of a stream's name before the first '-'; may be given \
            several times.
            """)
    var category: [StreamCategory] = []

    var filter: EventFilter {
        EventFilter(
            categories: category.isEmpty ? nil : Set(category), types: type.isEmpty ? nil : Set(type))
    }
}

struct ReadEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read a stream, or the log.",
        discussion: "Examples: strata events read order-42; strata events read --from 100 --limit 20 --type OrderPlaced"
    )

    @Argument(help: "A stream's name, such as order-42; without it the log is read.")
    var stream: String?

    @Option(help: "The first position, or revision of the stream. Without it: from the beginning, or from the end.")
    var from: Int64?

    @Option(help: "How many events at most.")
    var limit = 50

    @Flag(help: "From the end to the beginning.")
    var backwards = false

    @Option(help: "The log that is read; needed where there are several.")
    var log: LogName?

    @OptionGroup var filter: FilterOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func validate() throws {
        let limits = 1...ReadLimits().pageEventsMax
        guard limits.contains(limit) else {
            throw ValidationError("--limit is between 1 and \(limits.upperBound).")
        }
        guard from ?? 0 >= 0 else { throw ValidationError("--from is 0 or more.") }
        if let stream, StreamName(rawValue: stream) == nil {
            throw ValidationError("'\(stream)' is not the name of a stream.")
        }
        guard stream == nil || log == nil && filter.filter == .all else {
            throw ValidationError("A stream is read whole: --type, --category and --log are for reading a log.")
        }
    }

    func run() async throws {
        let command = self
        let events = try await database.withShop(logs) { shop in try await command.read(shop) }
        if output.json {
            for event in events { try printJSON(EventOutput.object(event)) }
        } else {
            try printLine(EventOutput.table(events))
        }
    }

    private func read(_ shop: Shop) async throws -> [RecordedEvent] {
        let direction: ReadDirection = backwards ? .backwards : .forwards
        if let stream = stream.flatMap({ StreamName(rawValue: $0) }) {
            return try await read(stream, direction, shop.store)
        }
        return try await read(shop.store.log(log), direction)
    }

    private func read(
        _ stream: StreamName, _ direction: ReadDirection, _ store: some StreamStore
    ) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        var next = from.map(Revision.init)
        repeat {
            let page = try await store.read(
                stream, from: next, direction, limit: PageSize(events: limit - events.count))
            events += page.events
            next = page.next
        } while next != nil && events.count < limit
        return events
    }

    private func read(_ log: some EventStore, _ direction: ReadDirection) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        // A read begins after, or before, a position; people name the first one that they want to see.
        var position = from.map { Position(rawValue: $0).advanced(by: backwards ? 1 : -1) }
        while true {
            let page = try await log.readLog(
                after: position, direction, filter: filter.filter, limit: PageSize(events: limit - events.count))
            events += page.events
            position = page.through
            if events.count == limit || page.isLast(direction) { return events }
        }
    }
}

struct TailEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Follow the log as it grows, until it is stopped with Ctrl-C.",
        discussion: "Of several logs all are followed, unless --log or --after names one.")

    @Option(help: "Begin after this position, which names a log if it is not in main; without it: at the end.")
    var after: LogPosition?

    @Option(help: "Follow this log alone.")
    var log: LogName?

    @OptionGroup var filter: FilterOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func validate() throws {
        if let log, let after, log != after.log {
            throw ValidationError("--log names the log \(log), and --after a position in the log \(after.log).")
        }
    }

    func run() async throws {
        let command = self
        try await database.withShop(logs) { shop in
            guard let name = command.log ?? command.after?.log else {
                let heads = try await shop.store.heads()
                return try await command.follow(shop.store.subscribe(after: heads, filter: command.filter.filter))
            }
            let log = try shop.store.log(name)
            let head = try await log.head()
            try await command.follow(
                log.subscribe(after: command.after?.position ?? head, filter: command.filter.filter))
        }
    }

    private func follow<Batches: AsyncSequence<EventBatch, EventStoreError>>(_ batches: Batches) async throws {
        for try await batch in batches {
            for event in batch.events { try show(event) }
        }
        // A subscription just ends when its task is cancelled.
        try Task.checkCancellation()
    }

    private func show(_ event: RecordedEvent) throws {
        guard !output.json else {
            return try printJSON(EventOutput.object(event))
        }
        try printLine(
            "\(event.logPosition)  \(event.recordedAt)  \(event.stream)@\(event.revision)  \(event.type)  "
                + "\(event.metadata.actor)  \(EventOutput.shortened(EventOutput.text(event), 120))")
    }
}
