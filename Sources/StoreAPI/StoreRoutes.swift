internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Every address of the store, with who may use it.
struct StoreRoutes: Sendable {
    private static let writers: Roles = [.service, .operatorRole]
    private static let readers: Roles = [.service, .operatorRole, .auditor]

    let store: any StreamStore
    let logs: Logs
    let configuration: StoreAPIConfiguration
    let followers: SubscriptionSlots
    let logger: Logger

    func add(to routes: APIRoutes) {
        routes.on(.post, "streams/{stream}", for: Self.writers, appendToStream)
        routes.on(.post, "appends", for: Self.writers, appendToStreams)
        routes.on(.get, "streams", for: Self.readers, streams)
        routes.on(.get, "streams/{stream}", for: Self.readers, stream)
        routes.on(.get, "streams/{stream}/metadata", for: Self.readers, streamMetadata)
        routes.on(.get, "categories", for: Self.readers, categories)
        routes.on(.get, "logs", for: Self.readers, logList)
        routes.on(.get, "log", for: Self.readers, log)
        routes.on(.get, "log/follow", for: Self.readers, answering: [.ndjson, .eventStream], followLog)
    }
}

extension APIRequest {
    /// The stream that the address names.
    func stream() throws(Problem) -> StreamName {
        guard let stream = StreamName(rawValue: try parameter("stream")) else {
            throw .notFound(
                """
                There is nothing at this address: a stream's name is 1 to \(StreamName.lengthMax) bytes of UTF-8 without \
                control characters.
                """)
        }
        return stream
    }
}
