internal import CoreMetrics
internal import HTTPTypes
internal import NIOConcurrencyHelpers

/// Counts requests, and how long they take, by route.
struct AccessMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Meters {
        let requests: Counter
        let duration: CoreMetrics.Timer
    }

    private let api: String
    private let factory: any MetricsFactory
    private let inFlight: Meter
    private let meters = NIOLockedValueBox<[Key: Meters]>([:])

    /// - Parameter api: A label that tells the APIs of one process apart.
    init(api: String, factory: any MetricsFactory) {
        self.api = api
        self.factory = factory
        inFlight = Meter(label: "http_server_requests_in_flight", dimensions: [("api", api)], factory: factory)
    }

    /// A request has arrived.
    func begin() { inFlight.increment() }

    /// A request is over, its answer included.
    func end() { inFlight.decrement() }

    /// A request has an answer.
    func count(_ method: HTTPRequest.Method, route: String?, _ status: HTTPResponse.Status, _ duration: Duration) {
        let meters = meters(Key(method: Self.name(method), route: route ?? "NotFound", status: status.code))
        meters.requests.increment()
        meters.duration.recordNanoseconds(duration.nanoseconds)
    }

    private func meters(_ key: Key) -> Meters {
        meters.withLockedValue { meters in
            if let known = meters[key] { return known }
            let labels = [("api", api), ("method", key.method), ("route", key.route)]
            let made = Meters(
                requests: Counter(
                    label: "http_server_requests", dimensions: labels + [("status", String(key.status))],
                    factory: factory),
                duration: CoreMetrics.Timer(
                    label: "http_server_request_duration", dimensions: labels, factory: factory))
            meters[key] = made
            return made
        }
    }

    /// Clients may send any word as a method, and labels must stay few.
    private static func name(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .delete, .patch, .options: method.rawValue
        default: "other"
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
