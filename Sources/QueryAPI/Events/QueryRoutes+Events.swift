internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import Hummingbird

extension QueryRoutes {
    private static let correlatedMax = 1_000

    /// `GET /streams/{name}/events`
    @Sendable func streamEvents(_ request: APIRequest) async throws -> Response {
        let unknown = Problem.notFound("There is no such stream.")
        guard let stream = StreamName(rawValue: try request.parameter("name")) else { throw unknown }
        let query = try request.query("from", "limit", "direction")
        let first = try query.ordinal("from", as: Revision.self)
        let (direction, limit) = (try query.direction(), try query.limit())
        let (events, next) = try await store.page(of: stream, from: first, direction, limit: limit)
        if events.isEmpty {
            guard first != nil, try await !store.read(stream, from: nil, .backwards, limit: 1).isEmpty else {
                throw unknown
            }
        }
        return .json(document(stream, events, next: next))
    }

    private func document(_ stream: StreamName, _ events: [RecordedEvent], next: Revision?) -> [UInt8] {
        var json = JSONWriter()
        json.startObject()
        json.field("stream", stream.rawValue)
        return json.ending(with: "events", events.map(\.document)) { json in
            if let next { json.field("next", Int(next.rawValue)) }
        }
    }

    /// `GET /correlations/{id}/events`
    @Sendable func correlatedEvents(_ request: APIRequest) async throws -> Response {
        guard let id = CorrelationID(try request.parameter("id")) else { throw Problem.notFound() }
        let (events, isComplete) = try await store.events(correlatedBy: id, atMost: Self.correlatedMax)
        guard !events.isEmpty else { throw Problem.notFound("No event belongs to this business transaction.") }
        var json = JSONWriter()
        json.startObject()
        json.field("correlationId", id.description)
        json.key("isComplete")
        json.boolean(isComplete)
        return .json(json.ending(with: "events", events.map(\.document)))
    }
}
