internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Logging

extension StoreRoutes {
    /// `GET /log/follow`
    @Sendable func followLog(_ request: APIRequest) async throws -> Response {
        // Nobody would read it: then the connection never ends, and its places are never free again.
        guard !request.announcesBody else {
            throw Problem.badRequest(.header("Content-Length"), "announces a body: following takes none")
        }
        let query = try request.query("log", "after", lists: EventFilter.parameters)
        let log = try logs.one(query)
        let filter = try EventFilter(query)
        let head = try await log.head()
        let start = try start(query, request, head: head)
        let limits = configuration.limits
        let places = [try followers.take(), try log.openSubscription()]
        var begun = Follower(
            log, after: start, filter: filter, format: FollowFormat(request.answerType), heartbeat: limits.heartbeat)
        try await begun.begin()
        return request.stream(patience: limits.writePatience) { [logger, begun] stream in
            var follower = begun
            do {
                try await follower.run(&stream)
            } catch let error as EventStoreError {
                // The client comes back with its position, and hears more of it then.
                logger.warning("a follower lost the log", metadata: ["error": "\(error)"])
            }
            withExtendedLifetime(places) {}
        }
    }

    /// A client that comes back says how far it has come, whatever stands in the address.
    private func start(_ query: QueryParameters, _ request: APIRequest, head: Position) throws(Problem) -> Position {
        let named = try query.value("after", "a position, or 'end'") { $0 == "end" ? head : Position(outside: $0) }
        var place = Problem.Flaw.Place.query(parameter: "after")
        var start = named ?? .start
        if let last = request.headers[.lastEventID] {
            place = .header("Last-Event-ID")
            guard let position = Position(outside: last) else { throw .badRequest(place, "is not a position") }
            start = position
        }
        guard start <= head else {
            throw .badRequest(place, "is past the end of the log, which is at \(head): it is of another log")
        }
        return start
    }
}

extension Position {
    /// - Returns: `nil` when `text` is not a whole number from 0 on.
    fileprivate init?(outside text: String) {
        guard let number = Int64(text), number >= 0 else { return nil }
        self.init(rawValue: number)
    }
}

extension HTTPField.Name {
    /// What a client of Server-Sent Events has heard last (WHATWG HTML, section 9.2).
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
