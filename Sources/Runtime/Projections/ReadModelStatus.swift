public import EventSourcing
public import PostgresClient

/// How far a read model has come in one log.
public struct ReadModelStatus: Sendable, Hashable {
    public let name: ProjectionName
    public let version: Int
    public let log: LogName
    /// `nil` when it was never begun.
    public let position: Position?
    /// Seconds since the checkpoint was written.
    public let ageSeconds: Int?

    /// How many events of the log it has not passed yet, when the log ends at `head`.
    public func behind(_ head: Position) -> Int64 { max(0, head.rawValue - (position ?? .start).rawValue) }

    /// The status of each of `models` in each of `logs`.
    public static func load(
        _ models: [any ReadModel], _ logs: [LogName], pool: PostgresPool
    ) async throws -> [ReadModelStatus] {
        try await pool.run { session in
            try models.flatMap { model in try logs.map { log in try load(model, log, in: session) } }
        }
    }

    private static func load(
        _ model: any ReadModel, _ log: LogName, in session: PostgresSession
    ) throws -> ReadModelStatus {
        let rows = try session.execute(
            """
            SELECT position, version, extract(epoch FROM now() - updated_at)::bigint
            FROM strata.checkpoints WHERE reader = $1 AND log = $2
            """, [.text(model.reader), .text(log.rawValue)])
        guard rows.rowCount == 1 else {
            return ReadModelStatus(
                name: model.name, version: model.version, log: log, position: nil, ageSeconds: nil)
        }
        return ReadModelStatus(
            name: model.name, version: Int(try rows.int32(0, 1)), log: log,
            position: Position(rawValue: try rows.int64(0, 0)), ageSeconds: Int(try rows.int64(0, 2)))
    }

    /// Waits until the read model has reached `position`, so that people read what they have written.
    ///
    /// - Returns: Whether it has within `timeout`.
    public static func wait(
        for model: any ReadModel, toReach position: LogPosition, timeout: Duration, pool: PostgresPool
    ) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        var pause = Duration.milliseconds(10)
        while true {
            let checkpoint = try await pool.run { session in
                try CheckpointTable.load(model.reader, [position.log], in: session)
            }
            if let checkpoint, checkpoint.positions[position.log] >= position.position { return true }
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: pause, clock: .continuous)
            pause = min(pause * 2, .milliseconds(320))
        }
    }
}
