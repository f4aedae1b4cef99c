internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Revisions of a stream that the database does not have any more.
struct StreamGap: Sendable {
    let revisions: ClosedRange<Int64>
    /// The position of the stream's next event that is still here.
    let next: Position
}

/// What one statement sees of a stream: events leave the database and come back, and what is missing in one statement
/// may be here in the next.
struct KeptEvents: Sendable {
    /// Those that were asked for, ascending.
    var events: [(revision: Revision, id: EventID)] = []
    /// Where revisions are not dense, ascending.
    var gaps: [StreamGap] = []
}

extension LogReader {
    /// Looks for an event in a stream.
    func look(for id: EventID, in stream: StreamName) async throws -> KeptEvents {
        try await keptEvents(in: stream, where: "previous + 1 < revision OR event_id = $3", .uuid(id.rawValue.uuid)) {
            $0.id == id
        }
    }

    /// The events of a stream up to a revision.
    func keptEvents(in stream: StreamName, through revision: Revision) async throws -> KeptEvents {
        try await keptEvents(in: stream, where: "previous < $3", .int64(revision.rawValue)) {
            $0.revision <= revision
        }
    }

    /// Goes through the stream in the index alone, which has the ids for this; to the table only behind gaps.
    private func keptEvents(
        in stream: StreamName, where condition: String, _ parameter: PostgresValue,
        _ isWanted: @Sendable ((revision: Revision, id: EventID)) -> Bool
    ) async throws -> KeptEvents {
        let sql = """
            SELECT revision, event_id, previous, CASE WHEN previous + 1 < revision THEN (
                SELECT event.position FROM strata.events AS event
                WHERE event.log = $1 AND event.stream = $2 AND event.revision = kept.revision
            ) END
            FROM (
                SELECT revision, event_id, COALESCE(lag(revision) OVER (ORDER BY revision), -1) AS previous
                FROM strata.events WHERE log = $1 AND stream = $2
            ) AS kept WHERE \(condition) ORDER BY revision
            """
        return try await pool.read { session in
            let rows = try session.execute(sql, [.int32(log.rawValue), .text(stream.rawValue), parameter])
            var kept = KeptEvents()
            for row in 0..<rows.rowCount {
                let revision = try rows.int64(row, 0)
                let event = (Revision(rawValue: revision), EventID(rawValue: rows.uuid(row, 1)))
                if isWanted(event) { kept.events.append(event) }
                guard !rows.isNull(row, 3) else { continue }
                let missing = try rows.int64(row, 2) + 1...revision - 1
                kept.gaps.append(StreamGap(revisions: missing, next: Position(rawValue: try rows.int64(row, 3))))
            }
            return kept
        }
    }

    /// From where on every event is in the database.
    func keptFrom() async throws -> Int64 {
        try await pool.run { session in try SegmentTable(log: log).keptFrom(session) }
    }
}
