internal import EventSourcing
internal import PostgresClient

/// The positions that readers have finished with.
enum CheckpointTable {
    struct Checkpoint: Sendable, Hashable {
        let position: Position
        let version: Int
    }

    static func load(_ reader: String, in session: PostgresSession) throws -> Checkpoint? {
        let rows = try session.execute(
            "SELECT position, version FROM strata.checkpoints WHERE reader = $1", [.text(reader)])
        guard rows.rowCount == 1 else { return nil }
        return Checkpoint(position: Position(rawValue: try rows.int64(0, 0)), version: Int(try rows.int32(0, 1)))
    }

    /// Sets a checkpoint, wherever it was.
    static func set(_ reader: String, to position: Position, version: Int, in session: PostgresSession) throws {
        try session.execute(
            """
            INSERT INTO strata.checkpoints (reader, version, position) VALUES ($1, $2, $3)
            ON CONFLICT (reader) DO UPDATE SET version = $2, position = $3, updated_at = now()
            """, [.text(reader), .int32(Int32(version)), .int64(position.rawValue)])
    }

    /// Moves a checkpoint from where this reader knows it to be.
    ///
    /// - Throws: ``CheckpointMoved`` when somebody else has moved it: the transaction must then be rolled back.
    static func advance(
        _ reader: String, version: Int, from old: Position, to new: Position, in session: PostgresSession
    ) throws {
        let result = try session.execute(
            """
            UPDATE strata.checkpoints SET position = $4, updated_at = now()
            WHERE reader = $1 AND version = $2 AND position = $3
            """, [.text(reader), .int32(Int32(version)), .int64(old.rawValue), .int64(new.rawValue)])
        guard result.affectedRowCount == 1 else { throw CheckpointMoved() }
    }
}

/// Another process handles the same reader's events, or a rebuild has taken its place.
struct CheckpointMoved: Error {}
