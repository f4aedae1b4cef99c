internal import EventSourcing
internal import PostgresClient

/// Every event of a range, read from the database page by page.
struct LogPages {
    let log: LogID
    let positions: ClosedRange<Int64>
    let pageEvents: Int

    /// What the events of a page take, but for the last one.
    private static let pageBytesMax: Int64 = 4 << 20

    /// - Throws: When an event is missing, and when the task is cancelled.
    func forEach(_ session: PostgresSession, pace: Pace = .full, _ body: (RecordedEvent) throws -> Void) throws {
        var next = positions.lowerBound
        while next <= positions.upperBound {
            try session.checkCancellation()
            let first = next
            let last = min(positions.upperBound, first + Int64(pageEvents) - 1)
            try pace.run {
                for event in try page(first...last, session) where event.position.rawValue == next {
                    try body(event)
                    next += 1
                }
            }
            guard next > first else {
                throw EventStoreError.archived("Position \(next) of log '\(log.name)', and perhaps more,")
            }
        }
    }

    /// As many of the events as fit.
    private func page(_ range: ClosedRange<Int64>, _ session: PostgresSession) throws -> [RecordedEvent] {
        let sql = EventRows.pageSQL(
            from: "strata.events", where: "log = $1 AND position >= $2 AND position <= $3", by: "position", .forwards,
            limit: "$4", bytes: "$5")
        let rows = try session.execute(
            sql,
            [
                .int32(log.rawValue), .int64(range.lowerBound), .int64(range.upperBound), .int64(Int64(pageEvents)),
                .int64(Self.pageBytesMax),
            ])
        return try EventRows.events(of: rows, in: log.name)
    }
}
