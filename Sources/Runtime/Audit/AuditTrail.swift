public import EventSourcing

/// What happened to an entity, and what else happened because of it: its own streams' events, and every event of the
/// business transactions that they belong to.
public struct AuditTrail<Store: StreamStore>: Sendable {
    /// One event of a trail.
    public struct Entry: Sendable {
        public let event: RecordedEvent
        /// How many causes lie between this event and the first one of its transaction that is in the trail.
        public let depth: Int
        /// Whether the event is in one of the entity's own streams.
        public let isOwn: Bool
    }

    /// What happened, and whether that is all of it.
    public struct Trail: Sendable {
        public let entries: [Entry]
        /// Whether every event of the entity's business transactions is known to be in the trail. Its own streams'
        /// events always are; of a transaction with a thousand events or more, later ones of others may be missing.
        public let isComplete: Bool
    }

    private let store: Store

    /// The most that one transaction adds to a trail.
    private static var correlatedMax: PageSize { 1_000 }

    public init(store: Store) { self.store = store }

    /// The trail of an entity, in the order of the log; of several, as
    /// ``Swift/Sequence/inOneOrder`` says.
    ///
    /// - Parameter streams: The entity's own streams.
    public func load(_ streams: [StreamName]) async throws(EventStoreError) -> Trail {
        var events: [LogPosition: RecordedEvent] = [:]
        var own: Set<LogPosition> = []
        var isComplete = true
        for stream in streams {
            for event in try await store.readAll(stream) {
                events[event.logPosition] = event
                own.insert(event.logPosition)
            }
        }
        for correlation in Set(events.values.map(\.correlationID)) {
            let correlated = try await store.events(correlatedBy: correlation, limit: Self.correlatedMax)
            for event in correlated.events { events[event.logPosition] = event }
            isComplete = isComplete && correlated.isComplete
        }
        return Trail(entries: entries(events.values.inOneOrder, own: own), isComplete: isComplete)
    }

    private func entries(_ events: [RecordedEvent], own: Set<LogPosition>) -> [Entry] {
        var depths: [CausationID: Int] = [:]
        return events.map { event in
            let depth = event.causationID.flatMap { depths[$0] }.map { $0 + 1 } ?? 0
            depths[CausationID(event.id)] = depth
            if let command = event.metadata.commandID, depths[CausationID(command)] == nil {
                depths[CausationID(command)] = depth
            }
            return Entry(event: event, depth: depth, isOwn: own.contains(event.logPosition))
        }
    }
}
