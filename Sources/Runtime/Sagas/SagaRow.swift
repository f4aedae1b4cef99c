internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient
internal import SagaEngine

/// One row of ``SagaInstances``.
struct SagaRow {
    let saga: String
    let key: String
    private var version: Int32 = 0
    private var phase = SagaPhase.forward
    private var step: String?
    private var failedAttempts: Int32 = 0
    private var code: String?
    private var reason: String?
    private var correlationID: PostgresValue.UUIDBytes
    private var startedAt: Int64
    private var updatedAt: Int64 = 0
    private var revision: Int64 = 0

    init(_ saga: String, _ key: String, _ event: RecordedEvent) {
        self.saga = saga
        self.key = key
        correlationID = event.correlationID.rawValue.uuid
        startedAt = event.recordedAt.microsecondsSince1970
    }

    mutating func apply(_ event: SagaEvent, _ recorded: RecordedEvent) {
        updatedAt = recorded.recordedAt.microsecondsSince1970
        revision = recorded.revision.rawValue
        switch event {
        case .started(let event): version = Int32(clamping: event.version)
        case .stepIntended(let event): begin(event.step)
        case .stepCompleted, .stepUndone: failedAttempts = 0
        case .stepFailed(let event):
            failedAttempts = Int32(clamping: event.attempt)
            reason = event.error
        case .stepRefused(let event): turn(to: .backward, event.code, event.reason)
        case .stepSkipped: release()
        case .completed: end(.completed)
        case .compensated(let event):
            end(.compensated)
            (code, reason) = (event.code, event.reason)
        case .quarantined(let event):
            (step, reason) = (event.step, event.error)
            phase = .quarantined
        case .resumed: release()
        }
    }

    private mutating func begin(_ step: String) {
        self.step = step
        failedAttempts = 0
        reason = nil
    }

    private mutating func turn(to phase: SagaPhase, _ code: String, _ reason: String) {
        self.phase = phase
        self.code = code
        self.reason = reason
        failedAttempts = 0
    }

    /// A saga with a refusal on record was being undone when it was quarantined.
    private mutating func release() {
        phase = code == nil ? .forward : .backward
        failedAttempts = 0
    }

    private mutating func end(_ phase: SagaPhase) {
        self.phase = phase
        step = nil
        reason = nil
        failedAttempts = 0
    }
}

extension SagaRow {
    private static let columns = """
        version, phase, step, failed_attempts, code, reason, correlation_id, started_at, updated_at, revision
        """

    static func load(_ saga: String, _ key: String, in session: PostgresSession) throws -> SagaRow? {
        let rows = try session.execute(
            "SELECT \(columns) FROM saga_instances WHERE saga = $1 AND key = $2", [.text(saga), .text(key)])
        return rows.rowCount == 1 ? try SagaRow(saga, key, rows) : nil
    }

    private init(_ saga: String, _ key: String, _ rows: borrowing PostgresResult) throws {
        self.saga = saga
        self.key = key
        version = try rows.int32(0, 0)
        phase = try rows.sagaPhase(0, 1)
        step = rows.optionalText(0, 2)
        failedAttempts = try rows.int32(0, 3)
        code = rows.optionalText(0, 4)
        reason = rows.optionalText(0, 5)
        correlationID = try rows.uuidBytes(0, 6)
        startedAt = try rows.timestampMicroseconds(0, 7)
        updatedAt = try rows.timestampMicroseconds(0, 8)
        revision = try rows.int64(0, 9)
    }

    static func save(_ rows: [SagaRow], in session: PostgresSession) throws {
        guard !rows.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO saga_instances (saga, key, share, \(columns))
            SELECT * FROM unnest(
                $1::text[], $2::text[], $3::smallint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                $9::text[], $10::uuid[], $11::timestamptz[], $12::timestamptz[], $13::bigint[]
            )
            ON CONFLICT (saga, key) DO UPDATE SET
                phase = EXCLUDED.phase, step = EXCLUDED.step, failed_attempts = EXCLUDED.failed_attempts,
                code = EXCLUDED.code, reason = EXCLUDED.reason, updated_at = EXCLUDED.updated_at,
                revision = EXCLUDED.revision
            """,
            [
                .textArray(rows.map(\.saga)), .textArray(rows.map(\.key)),
                .int16Array(rows.map { Int16(SagaShare.of($0.key)) }),
                .int64Array(rows.map { Int64($0.version) }), .textArray(rows.map(\.phase.rawValue)),
                .optionalTextArray(rows.map(\.step?.storable)), .int64Array(rows.map { Int64($0.failedAttempts) }),
                .optionalTextArray(rows.map(\.code?.storable)), .optionalTextArray(rows.map(\.reason?.storable)),
                .uuidArray(rows.map(\.correlationID)), .timestampArray(rows.map(\.startedAt)),
                .timestampArray(rows.map(\.updatedAt)), .int64Array(rows.map(\.revision)),
            ])
    }
}
