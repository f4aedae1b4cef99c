public import CoreMetrics

/// Whether a service can serve.
public enum Readiness: Sendable, Hashable {
    case ready
    /// For people: one clause, such as `the database cannot be reached`.
    case notReady(String)
}

/// What a service tells those who watch over it.
public struct ServiceProbes: Sendable {
    /// Asked at `GET /ready`, at most once a second.
    public var readiness: @Sendable () async -> Readiness
    /// The answer to `GET /metrics`: Prometheus text.
    public var metricsText: @Sendable () -> String
    /// Where the server counts its own requests.
    public var metrics: any MetricsFactory

    public init(
        readiness: @escaping @Sendable () async -> Readiness = { .ready },
        metricsText: @escaping @Sendable () -> String = { "" },
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.readiness = readiness
        self.metricsText = metricsText
        self.metrics = metrics
    }
}
