internal import Commerce
internal import EventCodec
internal import EventSourcing
internal import FoundationEssentials
internal import HTTPSupport
internal import Hummingbird
internal import PostgresClient
internal import SagaEngine

extension QueryRoutes {
    private static let fulfilment: SagaName = "order-fulfilment"
    private static let timelineMax = 1_000

    /// `GET /orders/{id}/saga`
    @Sendable func orderSaga(_ request: APIRequest) async throws -> Response {
        let id = try request.identifier("id", as: OrderID.self)
        try await gate.wait(request, for: readModels.sagaInstances)
        guard let saga = try await SagaStanding.find(Self.fulfilment, key: id.rawValue, pool) else {
            throw Problem.notFound("No fulfilment was begun for this order.")
        }
        let timeline = try await store.read(
            SagaStream.name(Self.fulfilment, key: id.rawValue), from: nil, .forwards, limit: Self.timelineMax)
        var json = JSONWriter()
        json.startObject()
        saga.write(to: &json)
        return .json(json.ending(with: "timeline", timeline.map(\.document)))
    }
}

/// Where one instance of a saga stands: its row of the read model.
private struct SagaStanding: Sendable {
    let saga: SagaName
    let key: String
    let version: Int
    let phase: String
    let step: String?
    let failedAttempts: Int
    let code: String?
    let reason: String?
    let correlationID: CorrelationID
    let startedAt: Timestamp
    let updatedAt: Timestamp
    let revision: Int

    static func find(_ saga: SagaName, key: String, _ pool: PostgresPool) async throws -> SagaStanding? {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT version, phase, step, failed_attempts, code, reason, correlation_id, started_at, updated_at,
                    revision
                FROM read_models.saga_instances WHERE saga = $1 AND key = $2
                """, [.text(saga.rawValue), .text(key)])
            return rows.rowCount == 1 ? try SagaStanding(saga, key, rows) : nil
        }
    }

    private init(_ saga: SagaName, _ key: String, _ rows: borrowing PostgresResult) throws {
        self.saga = saga
        self.key = key
        version = Int(try rows.int32(0, 0))
        phase = rows.text(0, 1)
        step = rows.optionalText(0, 2)
        failedAttempts = Int(try rows.int32(0, 3))
        code = rows.optionalText(0, 4)
        reason = rows.optionalText(0, 5)
        correlationID = CorrelationID(rawValue: UUID(uuid: try rows.uuidBytes(0, 6)))
        startedAt = Timestamp(microsecondsSince1970: try rows.timestampMicroseconds(0, 7))
        updatedAt = Timestamp(microsecondsSince1970: try rows.timestampMicroseconds(0, 8))
        revision = Int(try rows.int64(0, 9))
    }

    /// Its fields, in an object that is open.
    func write(to json: inout JSONWriter) {
        json.field("saga", saga.rawValue)
        json.field("key", key)
        json.field("version", version)
        json.field("phase", phase)
        json.field("step", step)
        json.field("failedAttempts", failedAttempts)
        json.field("code", code)
        json.field("reason", reason)
        json.field("correlationId", correlationID.description)
        json.field("startedAt", startedAt.description)
        json.field("updatedAt", updatedAt.description)
        json.field("revision", revision)
    }
}
