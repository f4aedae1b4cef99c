internal import EventSourcing
internal import PostgresClient

/// Revisions of a stream that the database does not have any more.
struct StreamGap: Sendable {
    let revisions: ClosedRange<Int64>
    /// The position of the stream's next event that is still here.
    let next: Position

    /// How many events are read at once.
    private static let partMax: Int64 = 1_000

    /// The revisions in parts that can be read at once.
    var parts: [ClosedRange<Int64>] {
        stride(from: revisions.lowerBound, through: revisions.upperBound, by: Int(Self.partMax)).map {
            $0...min($0 + Self.partMax - 1, revisions.upperBound)
        }
    }
}

extension LogReader {
    /// Where a stream's revisions are not dense; ascending.
    func gaps(in stream: StreamName) async throws -> [StreamGap] {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT previous + 1, revision - 1, position FROM (
                    SELECT revision, position, COALESCE(lag(revision) OVER (ORDER BY revision), -1) AS previous
                    FROM strata.events WHERE log = $1 AND stream = $2
                ) AS kept WHERE previous + 1 < revision ORDER BY revision
                """, [.int32(log.rawValue), .text(stream.rawValue)])
            return try (0..<rows.rowCount).map { row in
                StreamGap(
                    revisions: try rows.int64(row, 0)...rows.int64(row, 1),
                    next: Position(rawValue: try rows.int64(row, 2)))
            }
        }
    }

    /// From where on every event is in the database.
    func keptFrom() async throws -> Int64 {
        try await pool.run { session in try SegmentTable(log: log).keptFrom(session) }
    }
}
