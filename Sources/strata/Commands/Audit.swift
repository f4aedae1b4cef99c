internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import PostgresEventStore
internal import Runtime
internal import SagaEngine
internal import Terminal

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Ask who did what, when and why.",
        subcommands: [ShowTrail.self, ShowEvent.self])
}

struct ShowTrail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trail", abstract: "Everything that happened to an entity, and what followed from it.",
        discussion: """
            An entity is a stream, such as order-42 or stock-cd@main, or just the id of an order, which stands for the \
            order and its payment. A name of a stream that has events stands for that stream. The trail holds the \
            entity's own events and all others of the same business transactions, in the order of the log; indentation \
            shows what led to what, and a dot marks events of others.
            """)

    @Argument(help: "A stream's name, or the id of an order.")
    var entity: String

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let entities = entities
        let found = try await database.withShop(logs) { shop -> Trails.Trail? in
            let trails = AuditTrail(store: shop.store)
            for streams in entities {
                let trail = try await trails.load(streams)
                if !trail.entries.isEmpty { return trail }
            }
            return nil
        }
        guard let trail = found else {
            note("Nothing is known of '\(entity)'.")
            throw ExitCode.failure
        }
        if output.json {
            for entry in trail.entries { try printJSON(EventOutput.object(entry.event)) }
        } else {
            try printLine(table(trail.entries))
        }
        if !trail.isComplete {
            note(
                """
                This may not be all: a business transaction has as many events as a trail takes of one. The events of \
                '\(entity)' itself are complete; 'strata events read' shows the streams of the others.
                """)
        }
    }

    /// What the name may stand for: itself, or an order and its payment.
    private var entities: [[StreamName]] {
        [[entity], ["order-" + entity, "payment-" + entity]].map { names in
            names.compactMap { StreamName(rawValue: $0) }
        }
    }

    private typealias Trails = AuditTrail<RoutedEventStore<PostgresEventStore>>

    private func table(_ entries: [Trails.Entry]) -> String {
        var table = Table("position", "when", "who", "what", "where", "why", "details")
        for entry in entries {
            let event = entry.event
            table.add(
                "\(event.logPosition)", "\(event.recordedAt)", event.metadata.actor,
                String(repeating: "  ", count: min(entry.depth, 8)) + (entry.isOwn ? "" : "· ") + "\(event.type)",
                EventOutput.shortened("\(event.stream)@\(event.revision)", 56), event.metadata.reason ?? "",
                EventOutput.shortened(EventOutput.text(event), 72))
        }
        return table.rendered
    }
}

struct ShowEvent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One event with all that is known about it.")

    @Argument(help: "The event's position: 123 in the log main, orders:123 in the log orders.")
    var position: LogPosition

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let place = position
        let event = try await database.withShop(logs) { shop in
            try await shop.store.log(place.log).readLog(
                after: place.position.advanced(by: -1), .forwards, filter: .all, limit: 1
            ).events.first { $0.position == place.position }
        }
        guard let event else {
            note("There is no event at position \(position).")
            throw ExitCode.failure
        }
        let object = EventOutput.object(event)
        guard !output.json else { return try printJSON(object) }
        var table = Table("field", "value")
        for member in object { table.add(member.key, text(member.value)) }
        try printLine(table.rendered)
    }

    private func text(_ value: JSONValue) -> String { value.string ?? String(decoding: value.jsonBytes, as: UTF8.self) }
}
