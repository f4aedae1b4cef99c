internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// The log as it is in the database, read by plain SQL and not by the store that is tested.
struct LoggedEvents: Sendable {
    struct Event: Sendable, Hashable {
        let position: Int64
        let stream: StreamName
        let revision: Int64
        let id: EventID
        let type: EventType
        let correlationID: CorrelationID
        let payload: [UInt8]

        /// Whether the log has kept what belongs to its id.
        func isAsSent(isMarked: Bool) -> Bool {
            type == (isMarked ? Soaked.marked : Soaked.plain)
                && correlationID == Soaked.correlationID(of: id) && payload == Soaked.payload(of: id)
        }
    }

    /// What the log's own row says of its length.
    let head: Int64
    /// In the order of their positions.
    let events: [Event]
    /// Of all events.
    let ids: Set<EventID>

    init(head: Int64, events: [Event]) {
        self.head = head
        self.events = events
        ids = Set(events.map(\.id))
    }

    /// Reads it under the log's lock, so that nothing is half done.
    static func read(_ session: PostgresSession) throws -> LoggedEvents {
        try session.transaction { session in
            let head = try session.execute("SELECT head FROM strata.logs WHERE id = 1 FOR UPDATE").int64(0, 0)
            let rows = try session.execute(
                """
                SELECT position, stream, revision, event_id, type, correlation_id, payload FROM strata.events
                WHERE log = 1 ORDER BY position
                """)
            let events = try (0..<rows.rowCount).map { row in
                Event(
                    position: try rows.int64(row, 0), stream: StreamName(recorded: rows.text(row, 1)),
                    revision: try rows.int64(row, 2), id: EventID(rawValue: UUID(uuid: try rows.uuidBytes(row, 3))),
                    type: EventType(recorded: rows.text(row, 4)),
                    correlationID: CorrelationID(rawValue: UUID(uuid: try rows.uuidBytes(row, 5))),
                    payload: rows.bytes(row, 6))
            }
            return LoggedEvents(head: head, events: events)
        }
    }
}
