public import EventSourcing
internal import FoundationEssentials
public import PostgresClient

/// Where an instance of a saga stands, as ``SagaInstances`` knows it.
public struct SagaStatus: Sendable, Hashable {
    public let saga: SagaName
    public let key: String
    /// Of the saga's definition.
    public let version: Int
    public let phase: SagaPhase
    public let step: String?
    public let failedAttempts: Int
    public let code: String?
    public let reason: String?
    public let correlationID: CorrelationID
    public let startedAt: Timestamp
    public let updatedAt: Timestamp
    /// Of the last event in the instance's stream.
    public let revision: Revision
    /// How long ago the instance last moved.
    public let ageSeconds: Int

    private static let columns = """
        saga, key, version, phase, step, failed_attempts, code, reason, correlation_id, started_at, updated_at,
        revision, extract(epoch FROM now() - updated_at)::bigint
        """

    private init(_ rows: borrowing PostgresResult, _ row: Int) throws(PostgresError) {
        saga = SagaName(recorded: rows.text(row, 0))
        key = rows.text(row, 1)
        version = Int(try rows.int32(row, 2))
        phase = try rows.sagaPhase(row, 3)
        step = rows.optionalText(row, 4)
        failedAttempts = Int(try rows.int32(row, 5))
        code = rows.optionalText(row, 6)
        reason = rows.optionalText(row, 7)
        correlationID = CorrelationID(rawValue: UUID(uuid: try rows.uuidBytes(row, 8)))
        startedAt = Timestamp(microsecondsSince1970: try rows.timestampMicroseconds(row, 9))
        updatedAt = Timestamp(microsecondsSince1970: try rows.timestampMicroseconds(row, 10))
        revision = Revision(rawValue: try rows.int64(row, 11))
        ageSeconds = Int(try rows.int64(row, 12))
    }

    /// - Returns: `nil` when the saga has no instance of this key.
    public static func find(_ saga: SagaName, key: String, pool: PostgresPool) async throws -> SagaStatus? {
        try await pool.run { session in
            let rows = try session.execute(
                "SELECT \(columns) FROM read_models.saga_instances WHERE saga = $1 AND key = $2",
                [.text(saga.rawValue), .text(key)])
            return rows.rowCount == 1 ? try SagaStatus(rows, 0) : nil
        }
    }

    /// The instances in one of `phases`, those first that have not moved for longest.
    public static func load(phases: [SagaPhase], limit: Int, pool: PostgresPool) async throws -> [SagaStatus] {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT \(columns) FROM read_models.saga_instances WHERE phase = ANY ($1::text[])
                ORDER BY updated_at LIMIT $2
                """, [.textArray(phases.map(\.rawValue)), .int64(Int64(limit))])
            return try (0..<rows.rowCount).map { row in try SagaStatus(rows, row) }
        }
    }

    /// How many instances of each saga are in each phase.
    public static func counts(pool: PostgresPool) async throws -> [(saga: SagaName, phase: SagaPhase, count: Int)] {
        try await counts(where: "true", pool)
    }

    /// The same of those that are not finished, which an index knows. None when no saga ever ran.
    static func unfinishedCounts(
        pool: PostgresPool
    ) async throws -> [(saga: SagaName, phase: SagaPhase, count: Int)] {
        let areThere = try await pool.run { session in try SagaInstances.areThere(in: session) }
        return areThere ? try await counts(where: "phase NOT IN ('completed', 'compensated')", pool) : []
    }

    private static func counts(
        where condition: String, _ pool: PostgresPool
    ) async throws -> [(saga: SagaName, phase: SagaPhase, count: Int)] {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT saga, phase, count(*) FROM read_models.saga_instances WHERE \(condition)
                GROUP BY saga, phase ORDER BY saga, phase
                """)
            return try (0..<rows.rowCount).map { row in
                (SagaName(recorded: rows.text(row, 0)), try rows.sagaPhase(row, 1), Int(try rows.int64(row, 2)))
            }
        }
    }
}
