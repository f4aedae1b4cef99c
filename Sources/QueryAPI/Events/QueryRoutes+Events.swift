internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import Hummingbird

extension QueryRoutes {
    private static let correlatedMax = PageSize(events: 1_000, bytes: PageSize.answerBytesMax)

    /// `GET /streams/{name}/events`
    @Sendable func streamEvents(_ request: APIRequest) async throws -> Response {
        let unknown = Problem.notFound("There is no such stream.")
        guard let stream = StreamName(rawValue: try request.parameter("name")) else { throw unknown }
        let query = try request.query("from", "limit", "direction")
        let first = try query.ordinal("from", as: Revision.self)
        let (direction, size) = (try query.direction(), try query.pageSize())
        let page = try await store.read(stream, from: first, direction, limit: size)
        if page.events.isEmpty {
            guard first != nil, try await !store.read(stream, from: nil, .backwards, limit: 1).events.isEmpty else {
                throw unknown
            }
        }
        return .json(document(stream, page))
    }

    private func document(_ stream: StreamName, _ page: StreamPage) -> [UInt8] {
        var json = JSONWriter()
        json.startObject()
        json.field("stream", stream.rawValue)
        return json.ending(with: "events", page.events.map(\.document)) { json in
            if let next = page.next { json.field("next", Int(next.rawValue)) }
        }
    }

    /// `GET /correlations/{id}/events`
    @Sendable func correlatedEvents(_ request: APIRequest) async throws -> Response {
        guard let id = CorrelationID(try request.parameter("id")) else { throw Problem.notFound() }
        let found = try await store.events(correlatedBy: id, limit: Self.correlatedMax)
        guard !found.events.isEmpty else { throw Problem.notFound("No event belongs to this business transaction.") }
        var json = JSONWriter()
        json.startObject()
        json.field("correlationId", id.description)
        json.key("isComplete")
        json.boolean(found.isComplete)
        return .json(json.ending(with: "events", found.events.map(\.document)))
    }
}
