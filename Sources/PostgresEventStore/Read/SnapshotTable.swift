internal import EventSourcing
internal import PostgresClient

/// The newest snapshot of each stream.
struct SnapshotTable: Sendable {
    let log: LogID
    let pool: PostgresPool

    func load(_ stream: StreamName, _ schema: SnapshotSchema) async throws -> Snapshot? {
        try await pool.read { session in
            let rows = try session.execute(
                "SELECT revision, state FROM strata.snapshots WHERE log = $1 AND stream = $2 AND name = $3 AND version = $4",
                [.int32(log.rawValue), .text(stream.rawValue), .text(schema.name), .int32(Int32(schema.version))])
            guard rows.rowCount == 1 else { return nil }
            return Snapshot(
                revision: Revision(rawValue: try rows.int64(0, 0)), schema: schema, state: rows.bytes(0, 1))
        }
    }

    func save(_ snapshot: Snapshot, _ stream: StreamName) async throws {
        try await pool.run { session in
            _ = try session.execute(
                """
                INSERT INTO strata.snapshots AS kept (log, stream, name, version, revision, state)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (log, stream) DO UPDATE
                SET name = $3, version = $4, revision = $5, state = $6
                WHERE (kept.name, kept.version) <> ($3, $4) OR kept.revision < $5
                """,
                [
                    .int32(log.rawValue), .text(stream.rawValue), .text(snapshot.schema.name),
                    .int32(Int32(snapshot.schema.version)), .int64(snapshot.revision.rawValue),
                    .bytes(snapshot.state[...]),
                ])
        }
    }
}
