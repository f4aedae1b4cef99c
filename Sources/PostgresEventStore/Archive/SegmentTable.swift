internal import EventArchive
internal import EventSourcing
internal import PostgresClient

/// Which ranges of a log are sealed, and from where on all events are in the database.
struct SegmentTable {
    /// A row of the table.
    struct Row: Sendable {
        let segment: SealedSegment
        let byteCount: Int
        let sealedAt: Timestamp
    }

    let log: LogID

    func keptFrom(_ session: PostgresSession) throws -> Int64 {
        let rows = try session.execute("SELECT kept_from FROM strata.logs WHERE id = $1", [.int32(log.rawValue)])
        guard rows.rowCount == 1 else { throw EventStoreError.missing(log) }
        return try rows.int64(0, 0)
    }

    func head(_ session: PostgresSession) throws -> Int64 {
        let rows = try session.execute("SELECT head FROM strata.logs WHERE id = $1", [.int32(log.rawValue)])
        guard rows.rowCount == 1 else { throw EventStoreError.missing(log) }
        return try rows.int64(0, 0)
    }

    /// The segments from `number` on, ascending.
    func rows(from number: Int64 = 0, _ session: PostgresSession) throws -> [Row] {
        let rows = try session.execute(
            """
            SELECT number, first_position, last_position, byte_count, digest, sealed_at FROM strata.segments
            WHERE log = $1 AND number >= $2 ORDER BY number
            """, [.int32(log.rawValue), .int64(number)])
        return try (0..<rows.rowCount).map { row in
            guard let digest = Digest(rows.bytes(row, 4)) else {
                throw EventStoreError(.incompatibleSchema, "The table of segments holds a digest of another kind.")
            }
            return Row(
                segment: SealedSegment(
                    number: try rows.int64(row, 0), positions: try rows.int64(row, 1)...rows.int64(row, 2),
                    digest: digest),
                byteCount: Int(try rows.int64(row, 3)),
                sealedAt: Timestamp(microsecondsSince1970: try rows.timestampMicroseconds(row, 5)))
        }
    }

    /// Notes a segment. Whoever notes the same one meanwhile waits for this transaction, and then fails.
    func insert(_ segment: SealedSegment, byteCount: Int, _ session: PostgresSession) throws {
        try session.execute(
            """
            INSERT INTO strata.segments (log, number, first_position, last_position, byte_count, digest)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .int32(log.rawValue), .int64(segment.number), .int64(segment.positions.lowerBound),
                .int64(segment.positions.upperBound), .int64(Int64(byteCount)), .bytes(segment.digest.bytes[...]),
            ])
    }
}

extension SQLState {
    /// A statement asked for positions that have left the database (`strata.require_kept`).
    static let archived = SQLState(rawValue: "SA001")
    /// A segment cannot be dropped or restored as things are (`strata.begin_drop`, `strata.end_restore`).
    static let notInOrder = SQLState(rawValue: "SA002")
}
