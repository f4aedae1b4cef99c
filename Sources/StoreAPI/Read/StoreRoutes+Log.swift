internal import EventCodec
internal import EventSourcing
internal import HTTPSupport
internal import Hummingbird

extension StoreRoutes {
    /// `GET /log`
    @Sendable func log(_ request: APIRequest) async throws -> Response {
        let query = try request.query("log", "after", "before", "limit", "direction", lists: EventFilter.parameters)
        let log = try logs.one(query)
        let direction = try query.direction()
        let start = try start(query, direction)
        let filter = try EventFilter(query)
        let page = try await log.readLog(after: start, direction, filter: filter, limit: try query.pageSize())
        var json = JSONWriter()
        json.startObject()
        json.field("log", log.log.rawValue)
        json.field("head", page.head.rawValue)
        json.field("through", page.through.rawValue)
        if !page.isLast(direction) { json.field("next", page.through.rawValue) }
        page.events.writeField(to: &json)
        json.endObject()
        return .json(json.bytes)
    }

    /// Forwards a page begins after a position, and backwards it begins before one.
    private func start(_ query: QueryParameters, _ direction: ReadDirection) throws(Problem) -> Position? {
        let (after, before) = (
            try query.ordinal("after", as: Position.self), try query.ordinal("before", as: Position.self)
        )
        switch direction {
        case .forwards:
            guard before == nil else { throw .badRequest(.query(parameter: "before"), "goes with direction=backwards") }
            return after
        case .backwards:
            guard after == nil else { throw .badRequest(.query(parameter: "after"), "goes with direction=forwards") }
            return before
        }
    }
}
