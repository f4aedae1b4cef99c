internal import PostgresClient

/// How often the server has flushed its write-ahead log to disk, and how long that took (`pg_stat_wal`).
struct Flushes: Sendable {
    let count: Int
    /// Writing and flushing, altogether.
    let microseconds: Double

    /// Has the server measure it, in sessions that begin from now on.
    static func measure(in database: BenchDatabase) async throws {
        try await database.run { session in
            try session.executeScript(
                """
                DO $$ BEGIN
                    EXECUTE format('ALTER DATABASE %I SET track_wal_io_timing = on', current_database());
                END $$
                """)
        }
    }

    static func reset(_ database: BenchDatabase) async throws {
        try await database.run { session in try session.executeScript("SELECT pg_stat_reset_shared('wal')") }
    }

    /// Those since the last ``reset(_:)``. A session's are counted when it has ended.
    static func load(_ database: BenchDatabase) async throws -> Flushes {
        try await database.run { session in
            let rows = try session.execute(
                "SELECT wal_sync, (1000 * (wal_write_time + wal_sync_time))::bigint FROM pg_stat_wal")
            return Flushes(count: Int(try rows.int64(0, 0)), microseconds: Double(try rows.int64(0, 1)))
        }
    }
}
