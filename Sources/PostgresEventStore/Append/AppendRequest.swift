internal import EventSourcing

/// An append on its way to the log, with all that can be computed before it holds the log's lock.
struct AppendRequest: Sendable {
    struct Event: Sendable {
        let event: NewEvent
        let storedMetadata: [UInt8]
    }

    struct Stream: Sendable {
        let name: StreamName
        let expected: ExpectedRevision
        let events: [Event]
    }

    let streams: [Stream]
    let conditions: [AppendCondition]
    let eventCount: Int
    let byteCount: Int
    /// When its caller is told that the log cannot be reached.
    let deadline: ContinuousClock.Instant
    /// Whether an earlier try may have been committed, so that its events have to be looked for first.
    var isOutcomeUnknown = false
    let reply: @Sendable (Result<AppendReceipt, EventStoreError>) -> Void

    init(
        _ appends: [StreamAppend], provided conditions: [AppendCondition], deadline: ContinuousClock.Instant,
        reply: @escaping @Sendable (Result<AppendReceipt, EventStoreError>) -> Void
    ) {
        streams = appends.map { append in
            Stream(
                name: append.stream, expected: append.expected,
                events: append.events.map { Event(event: $0, storedMetadata: $0.metadata.storedBytes) })
        }
        self.conditions = conditions
        eventCount = streams.reduce(0) { $0 + $1.events.count }
        byteCount = streams.reduce(0) { sum, stream in
            stream.events.reduce(sum) { $0 + $1.event.payload.count + $1.storedMetadata.count + 128 }
        }
        self.deadline = deadline
        self.reply = reply
    }

    /// Whether its events have to be looked for before it may be written: nothing else would stop a repeat.
    var needsLookup: Bool { isOutcomeUnknown || streams.contains { !$0.expected.isExact } }

    /// Whether it can be decided by the unique index alone, without a look at the log under its lock.
    var isDecidedByIndex: Bool { conditions.isEmpty && !needsLookup }

    /// The streams whose revisions it depends on.
    var streamNames: [StreamName] {
        streams.map(\.name)
            + conditions.compactMap { condition in
                if case .stream(let name, _) = condition { name } else { nil }
            }
    }

    /// The conditions on events: what must not have been recorded after which position.
    var eventConditions: [EventCondition] {
        conditions.compactMap { condition in
            guard case .noEvents(let query, let position) = condition else { return nil }
            return EventCondition(query: query, position: position)
        }
    }
}

/// A condition that no event which `query` finds has been recorded after `position`.
struct EventCondition: Hashable {
    let query: EventQuery
    let position: Position

    var asCondition: AppendCondition { .noEvents(matching: query, after: position) }
}
