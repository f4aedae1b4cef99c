internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import Hummingbird

extension StoreRoutes {
    private static let categoriesMax = 10_000

    /// `GET /streams`
    @Sendable func streams(_ request: APIRequest) async throws -> Response {
        let query = try request.query("log", "category", "after", "limit")
        let category = try query.value("category", StreamCategory.phrase) { StreamCategory(rawValue: $0) }
        let after = try query.value("after", "the name of a stream") { StreamName(rawValue: $0) }
        let limit = try query.limit()
        let streams = try await streams(of: try logs.some(query), in: category, after: after, limit: limit)
        var json = JSONWriter()
        json.startObject()
        if streams.count == limit { json.field("next", streams.last?.stream.rawValue) }
        json.key("streams")
        json.startArray()
        for stream in streams {
            json.element()
            json.startObject()
            json.field("stream", stream.stream.rawValue)
            json.field("revision", stream.revision.rawValue)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return .json(json.bytes)
    }

    /// The first page of the lists of all `logs` together. A stream lies in one of them.
    private func streams(
        of logs: [any EventStore], in category: StreamCategory?, after stream: StreamName?, limit: Int
    ) async throws -> [StreamSummary] {
        var streams: [(name: ExactText, stream: StreamSummary)] = []
        for log in logs {
            streams += try await log.streams(in: category, after: stream, limit: limit).map {
                (ExactText($0.stream.rawValue), $0)
            }
        }
        return streams.sorted { $0.name < $1.name }.prefix(limit).map(\.stream)
    }

    /// `GET /categories`
    @Sendable func categories(_ request: APIRequest) async throws -> Response {
        var found: Set<ExactText> = []
        for log in try logs.some(try request.query("log")) {
            found.formUnion(try await log.categories(limit: Self.categoriesMax).map { ExactText($0) })
        }
        let categories = found.sorted().prefix(Self.categoriesMax).map(\.text)
        var json = JSONWriter()
        json.startObject()
        json.key("isComplete")
        json.boolean(categories.count < Self.categoriesMax)
        json.key("categories")
        categories.write(to: &json)
        json.endObject()
        return .json(json.bytes)
    }
}

extension StoreRoutes {
    /// `GET /logs`
    @Sendable func logList(_ request: APIRequest) async throws -> Response {
        _ = try request.query()
        var json = JSONWriter()
        json.startObject()
        json.key("logs")
        json.startArray()
        for log in logs.all {
            json.element()
            json.startObject()
            json.field("log", log.log.rawValue)
            json.field("head", try await log.head().rawValue)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return .json(json.bytes)
    }
}

extension StreamCategory {
    static var phrase: String { "a category: a name without '-' and control characters" }
}
