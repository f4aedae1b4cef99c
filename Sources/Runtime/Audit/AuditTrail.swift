public import EventSourcing

/// What happened to an entity, and what else happened because of it: its own streams' events, and every event of the
/// business transactions that they belong to.
public struct AuditTrail<Store: EventStore>: Sendable {
    /// One event of a trail.
    public struct Entry: Sendable {
        public let event: RecordedEvent
        /// How many causes lie between this event and the first one of its transaction that is in the trail.
        public let depth: Int
        /// Whether the event is in one of the entity's own streams.
        public let isOwn: Bool
    }

    private let store: Store

    /// The most events that one transaction adds to a trail.
    private static var correlatedMax: Int { 1_000 }

    public init(store: Store) { self.store = store }

    /// The trail of an entity, in the order of the log.
    ///
    /// - Parameter streams: The entity's own streams.
    public func load(_ streams: [StreamName]) async throws -> [Entry] {
        var events: [Position: RecordedEvent] = [:]
        var own: Set<Position> = []
        for stream in streams {
            for event in try await store.readAll(stream) {
                events[event.position] = event
                own.insert(event.position)
            }
        }
        for correlation in Set(events.values.map(\.correlationID)) {
            for event in try await store.events(correlatedBy: correlation, limit: Self.correlatedMax) {
                events[event.position] = event
            }
        }
        return entries(events.values.sorted { $0.position < $1.position }, own: own)
    }

    private func entries(_ events: [RecordedEvent], own: Set<Position>) -> [Entry] {
        var depths: [CausationID: Int] = [:]
        return events.map { event in
            let depth = event.causationID.flatMap { depths[$0] }.map { $0 + 1 } ?? 0
            depths[CausationID(event.id)] = depth
            if let command = event.metadata.commandID, depths[CausationID(command)] == nil {
                depths[CausationID(command)] = depth
            }
            return Entry(event: event, depth: depth, isOwn: own.contains(event.position))
        }
    }
}
