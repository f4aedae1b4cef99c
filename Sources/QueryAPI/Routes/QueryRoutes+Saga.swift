internal import Commerce
internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import Hummingbird
internal import Runtime
internal import SagaEngine

extension QueryRoutes {
    private static let fulfilment: SagaName = "order-fulfilment"
    private static let timelineMax = PageSize(events: 1_000, bytes: PageSize.answerBytesMax)

    /// `GET /orders/{id}/saga`
    @Sendable func orderSaga(_ request: APIRequest) async throws -> Response {
        let id = try request.identifier("id", as: OrderID.self)
        try await gate.wait(request, for: readModels.sagaInstances)
        guard let saga = try await SagaStatus.find(Self.fulfilment, key: id.rawValue, pool: pool) else {
            throw Problem.notFound("No fulfilment was begun for this order.")
        }
        let timeline = try await store.read(
            SagaStream.name(Self.fulfilment, key: id.rawValue), from: nil, .forwards, limit: Self.timelineMax)
        var json = JSONWriter()
        json.startObject()
        saga.write(to: &json)
        return .json(json.ending(with: "timeline", timeline.events.map(\.document)))
    }
}

extension SagaStatus {
    /// Its fields, in an object that is open.
    fileprivate func write(to json: inout JSONWriter) {
        json.field("saga", saga.rawValue)
        json.field("key", key)
        json.field("version", version)
        json.field("phase", phase.rawValue)
        json.field("step", step)
        json.field("failedAttempts", failedAttempts)
        json.field("code", code)
        json.field("reason", reason)
        json.field("correlationId", correlationID.description)
        json.field("startedAt", startedAt.description)
        json.field("updatedAt", updatedAt.description)
        json.field("revision", Int(revision.rawValue))
    }
}
