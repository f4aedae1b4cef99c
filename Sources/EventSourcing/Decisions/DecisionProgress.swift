/// A decision on its way: what has been folded into it, and how far the log has been read for that.
struct DecisionProgress<D: Decision>: Sendable {
    /// What the command recorded when it was carried out before.
    struct CarriedOut: Sendable {
        let fingerprint: String?
        var streams: [AppendReceipt.Stream] = []

        /// Takes in an event of the command.
        mutating func note(_ event: RecordedEvent) {
            let stream = AppendReceipt.Stream(
                stream: event.stream, revision: event.revision, position: event.position)
            if let index = streams.firstIndex(where: { $0.stream == event.stream }) {
                streams[index] = stream
            } else {
                streams.append(stream)
            }
        }
    }

    let context: CommandContext
    /// What the decision depends on, and what its command has recorded.
    let query: EventQuery
    private let dependsOn: EventQuery
    private(set) var decision: D
    /// Every event up to here has been seen.
    private(set) var position = Position.start
    private(set) var carriedOut: CarriedOut?

    init(_ decision: D, _ context: CommandContext) {
        self.decision = decision
        self.context = context
        dependsOn = decision.query
        query = EventQuery(dependsOn.criteria + [.init(tags: [context.commandID.tag])])
    }

    /// Takes in a page of what ``query`` finds.
    mutating func apply(_ page: LogPage) throws(EventCodingError) {
        for event in page.events {
            if event.tags.contains(context.commandID.tag) {
                note(event)
            } else {
                decision.apply(try Recorded(event))
            }
        }
        position = page.through
    }

    /// Takes in an event that the command recorded before.
    mutating func note(_ event: RecordedEvent) {
        var carriedOut = carriedOut ?? CarriedOut(fingerprint: event.metadata.commandFingerprint)
        carriedOut.note(event)
        self.carriedOut = carriedOut
    }

    /// What of the log the decision stands on.
    var condition: AppendCondition { .noEvents(matching: query, after: position) }

    /// The decided events as they are appended.
    func appends(_ decided: [DecidedEvents<D.Event>]) throws(EventCodingError) -> [StreamAppend] {
        var appends: [StreamAppend] = []
        for decided in decided where !decided.events.isEmpty {
            var events: [NewEvent] = []
            for (index, payload) in decided.events.enumerated() {
                let id = context.commandID.eventID(index, in: decided.stream)
                var event = try NewEvent(payload, id: id, metadata: context.metadata)
                event.tags.insert(context.commandID.tag)
                events.append(event)
            }
            appends.append(StreamAppend(stream: decided.stream, expected: decided.expected, events: events))
        }
        return appends
    }
}

extension CommandID {
    /// What the events of a decision carry, so that the command behind them is found in the whole log.
    var tag: EventTag { EventTag("command", description) }
}
