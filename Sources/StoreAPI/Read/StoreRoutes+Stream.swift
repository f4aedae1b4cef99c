internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird

extension StoreRoutes {
    /// `GET /streams/{stream}`
    @Sendable func stream(_ request: APIRequest) async throws -> Response {
        let stream = try request.stream()
        let query = try request.query("from", "limit", "direction")
        let from = try query.ordinal("from", as: Revision.self)
        let (direction, size) = (try query.direction(), try query.pageSize())
        // Before the page: a tag that was newer than the page would let a client write over what it has not seen.
        guard let last = try await store.read(stream, from: nil, .backwards, limit: 1).events.first else {
            throw Self.unknown
        }
        let tag = EntityTag(last.revision)
        if let known = notModified(tag, request) { return known }
        let page = try await store.read(stream, from: from, direction, limit: size)
        var json = JSONWriter()
        json.startObject()
        json.field("stream", stream.rawValue)
        json.field("revision", last.revision.rawValue)
        json.field("next", page.next?.rawValue)
        page.events.writeField(to: &json)
        json.endObject()
        return .json(json.bytes, headers: headers(tag))
    }

    /// `GET /streams/{stream}/metadata`
    @Sendable func streamMetadata(_ request: APIRequest) async throws -> Response {
        let stream = try request.stream()
        _ = try request.query()
        guard let last = try await store.read(stream, from: nil, .backwards, limit: 1).events.first,
            let first = try await store.read(stream, from: .first, .forwards, limit: 1).events.first
        else { throw Self.unknown }
        let tag = EntityTag(last.revision)
        if let known = notModified(tag, request) { return known }
        var json = JSONWriter()
        json.startObject()
        json.field("stream", stream.rawValue)
        json.field("category", stream.category)
        json.field("log", last.log.rawValue)
        json.field("revision", last.revision.rawValue)
        json.field("eventCount", last.revision.rawValue + 1)
        json.field("firstEventAt", first.recordedAt.description)
        json.field("lastEventAt", last.recordedAt.description)
        json.field("firstPosition", first.position.rawValue)
        json.field("lastPosition", last.position.rawValue)
        json.endObject()
        return .json(json.bytes, headers: headers(tag))
    }

    private static let unknown = Problem.notFound("There is no such stream.")

    private func headers(_ tag: EntityTag) -> HTTPFields {
        [.eTag: tag.description, .cacheControl: "private, no-cache"]
    }

    /// The news that the client has it already, if it has.
    private func notModified(_ tag: EntityTag, _ request: APIRequest) -> Response? {
        tag.isKnown(to: request.headers) ? Response(status: .notModified, headers: headers(tag)) : nil
    }
}
