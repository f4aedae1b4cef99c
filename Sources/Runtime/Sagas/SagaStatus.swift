internal import EventSourcing
public import PostgresClient

/// Where an instance of a saga stands, as ``SagaInstances`` knows it.
public struct SagaStatus: Sendable, Hashable {
    public let saga: String
    public let key: String
    /// `forward`, `backward`, `completed`, `compensated` or `quarantined`.
    public let phase: String
    public let step: String?
    public let failedAttempts: Int
    public let reason: String?
    public let ageSeconds: Int

    /// The instances in one of `phases`, those first that have not moved for longest.
    public static func load(phases: [String], limit: Int, pool: PostgresPool) async throws -> [SagaStatus] {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT saga, key, phase, step, failed_attempts, reason, extract(epoch FROM now() - updated_at)::bigint
                FROM read_models.saga_instances WHERE phase = ANY ($1::text[]) ORDER BY updated_at LIMIT $2
                """, [.textArray(phases), .int64(Int64(limit))])
            return try (0..<rows.rowCount).map { row in
                SagaStatus(
                    saga: rows.text(row, 0), key: rows.text(row, 1), phase: rows.text(row, 2),
                    step: rows.optionalText(row, 3), failedAttempts: Int(try rows.int32(row, 4)),
                    reason: rows.optionalText(row, 5), ageSeconds: Int(try rows.int64(row, 6)))
            }
        }
    }

    /// How many instances of each saga are in each phase.
    public static func counts(pool: PostgresPool) async throws -> [(saga: String, phase: String, count: Int)] {
        try await counts(where: "true", pool)
    }

    /// The same of those that are not finished, which an index knows. None when no saga ever ran.
    static func unfinishedCounts(pool: PostgresPool) async throws -> [(saga: String, phase: String, count: Int)] {
        let areThere = try await pool.run { session in try SagaInstances.areThere(in: session) }
        return areThere ? try await counts(where: "phase NOT IN ('completed', 'compensated')", pool) : []
    }

    private static func counts(
        where condition: String, _ pool: PostgresPool
    ) async throws -> [(saga: String, phase: String, count: Int)] {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT saga, phase, count(*) FROM read_models.saga_instances WHERE \(condition)
                GROUP BY saga, phase ORDER BY saga, phase
                """)
            return try (0..<rows.rowCount).map { (rows.text($0, 0), rows.text($0, 1), Int(try rows.int64($0, 2))) }
        }
    }
}
