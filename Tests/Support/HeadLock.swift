internal import PostgresClient
internal import Testing

/// Somebody else who holds the lock of the log's head: whatever is written waits.
public struct HeadLock: Sendable {
    private let holder: PostgresConnection
    private let observer: PostgresConnection

    public init(_ connectionString: String) async throws {
        holder = try await PostgresConnection.connect(
            ConnectionConfiguration(connectionString: connectionString, role: "strata_application"))
        observer = try await PostgresConnection.connect(ConnectionConfiguration(connectionString: connectionString))
        try await holder.run { session in
            try session.executeScript("BEGIN; SELECT head FROM strata.logs WHERE id = 1 FOR UPDATE")
        }
    }

    /// Waits until a writer waits for the lock. When its group has to be decided under the lock (it expects any
    /// revision, say), no other group is sent ahead: what comes next is queued.
    public func waitForWriter() async throws {
        try await eventually {
            try await observer.run { session in
                try session.execute(
                    """
                    SELECT count(*) > 0 FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                ).bool(0, 0)
            }
        }
    }

    public func release() async throws {
        try await holder.run { session in try session.executeScript("COMMIT") }
        await holder.close()
        await observer.close()
    }
}
