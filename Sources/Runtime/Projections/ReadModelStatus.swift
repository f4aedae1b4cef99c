public import EventSourcing
public import PostgresClient

/// How far a read model is behind the log.
public struct ReadModelStatus: Sendable, Hashable {
    public let name: ProjectionName
    public let version: Int
    /// `nil` when it was never begun.
    public let position: Position?
    /// Seconds since the checkpoint was written.
    public let ageSeconds: Int?

    /// The status of each of `models`.
    public static func load(_ models: [any ReadModel], pool: PostgresPool) async throws -> [ReadModelStatus] {
        try await pool.run { session in
            try models.map { model in
                let rows = try session.execute(
                    """
                    SELECT position, version, extract(epoch FROM now() - updated_at)::bigint
                    FROM strata.checkpoints WHERE reader = $1
                    """, [.text(model.reader)])
                guard rows.rowCount == 1 else {
                    return ReadModelStatus(name: model.name, version: model.version, position: nil, ageSeconds: nil)
                }
                return ReadModelStatus(
                    name: model.name, version: Int(try rows.int32(0, 1)),
                    position: Position(rawValue: try rows.int64(0, 0)), ageSeconds: Int(try rows.int64(0, 2)))
            }
        }
    }

    /// Waits until the read model has reached `position`, so that people read what they have written.
    ///
    /// - Returns: Whether it has within `timeout`.
    public static func wait(
        for model: any ReadModel, toReach position: Position, timeout: Duration, pool: PostgresPool
    ) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        while true {
            let reached = try await pool.run { session in try CheckpointTable.load(model.reader, in: session)?.position
            }
            if let reached, reached >= position { return true }
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(10), clock: .continuous)
        }
    }
}
