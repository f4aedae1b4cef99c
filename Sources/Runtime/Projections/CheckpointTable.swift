internal import EventSourcing
internal import PostgresClient

/// The positions that readers have finished with: one for each log that they follow.
enum CheckpointTable {
    struct Checkpoint: Sendable, Hashable {
        let version: Int
        let positions: LogPositions
    }

    /// The checkpoint of `reader` in `logs`; those that it has not begun are at their start.
    ///
    /// - Returns: `nil` when it has begun none of them. Its version is the lowest one, where they differ.
    static func load(_ reader: String, _ logs: [LogName], in session: PostgresSession) throws -> Checkpoint? {
        let rows = try session.execute(
            "SELECT log, position, version FROM strata.checkpoints WHERE reader = $1 AND log = ANY ($2::text[])",
            [.text(reader), .textArray(logs.map(\.rawValue))])
        var positions = LogPositions()
        var version: Int?
        for row in 0..<rows.rowCount {
            let log = LogName(recorded: rows.text(row, 0))
            positions[log] = Position(rawValue: try rows.int64(row, 1))
            version = min(version ?? .max, Int(try rows.int32(row, 2)))
        }
        return version.map { Checkpoint(version: $0, positions: positions) }
    }

    /// Makes the checkpoints in those of `logs` that `reader` has not begun.
    static func begin(_ reader: String, _ logs: [LogName], version: Int, in session: PostgresSession) throws {
        try session.execute(
            """
            INSERT INTO strata.checkpoints (reader, log, version, position)
            SELECT $1, log, $2, 0 FROM unnest($3::text[]) AS logs (log) ORDER BY log COLLATE "C"
            ON CONFLICT DO NOTHING
            """, [.text(reader), .int32(Int32(version)), .textArray(logs.map(\.rawValue))])
    }

    /// Keeps everybody else from moving any checkpoint of `reader` until the transaction ends.
    ///
    /// Everything that locks several of these rows does so in this order.
    static func lock(_ reader: String, in session: PostgresSession) throws {
        try session.execute(
            "SELECT 1 FROM strata.checkpoints WHERE reader = $1 ORDER BY log FOR UPDATE", [.text(reader)])
    }

    /// Sets the checkpoints in `logs`, wherever they were.
    static func set(
        _ reader: String, _ logs: [LogName], to positions: LogPositions, version: Int, in session: PostgresSession
    ) throws {
        try session.execute(
            """
            INSERT INTO strata.checkpoints (reader, log, version, position)
            SELECT $1, log, $2, position FROM unnest($3::text[], $4::bigint[]) AS reached (log, position)
            ORDER BY log COLLATE "C"
            ON CONFLICT (reader, log) DO UPDATE
            SET version = EXCLUDED.version, position = EXCLUDED.position, updated_at = now()
            """,
            [
                .text(reader), .int32(Int32(version)), .textArray(logs.map(\.rawValue)),
                .int64Array(logs.map { positions[$0].rawValue }),
            ])
    }

    /// Moves the checkpoint in one log from where this reader knows it to be.
    ///
    /// - Throws: ``CheckpointMoved`` when somebody else has moved it: the transaction must then be rolled back.
    static func advance(
        _ reader: String, version: Int, from old: Position, to new: LogPosition, in session: PostgresSession
    ) throws {
        let result = try session.execute(
            """
            UPDATE strata.checkpoints SET position = $5, updated_at = now()
            WHERE reader = $1 AND log = $2 AND version = $3 AND position = $4
            """,
            [
                .text(reader), .text(new.log.rawValue), .int32(Int32(version)), .int64(old.rawValue),
                .int64(new.position.rawValue),
            ])
        guard result.affectedRowCount == 1 else { throw CheckpointMoved() }
    }
}

/// Another process handles the same reader's events, or a rebuild has taken its place.
struct CheckpointMoved: Error {}
