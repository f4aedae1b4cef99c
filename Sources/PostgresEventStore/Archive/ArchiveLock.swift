internal import EventSourcing
internal import PostgresClient

/// Keeps two from dropping or restoring events of one log at the same time.
struct ArchiveLock {
    let log: LogID

    /// Any number will do for the first key, as long as every process takes the same one.
    private static let space: Int32 = 1_398_030_913

    func hold(_ session: PostgresSession, _ body: () throws -> Void) throws {
        let keys: [PostgresValue] = [.int32(Self.space), .int32(log.rawValue)]
        guard try session.execute("SELECT pg_try_advisory_lock($1, $2)", keys).bool(0, 0) else {
            throw EventStoreError(
                .unavailable, "Somebody else is dropping or restoring events. Nothing was changed; try again later.")
        }
        defer { _ = try? session.execute("SELECT pg_advisory_unlock($1, $2)", keys) }
        try body()
    }
}
