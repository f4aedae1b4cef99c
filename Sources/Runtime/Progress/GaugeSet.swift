internal import CoreMetrics

/// Gauges that come and go with what they measure.
struct GaugeSet {
    struct Key: Hashable {
        let name: String
        let labels: [String: String]

        init(_ name: String, _ labels: [String: String]) {
            self.name = name
            self.labels = labels
        }
    }

    private let factory: any MetricsFactory
    private var gauges: [Key: Meter] = [:]

    init(factory: any MetricsFactory) { self.factory = factory }

    /// Shows these values, and nothing else.
    mutating func show(_ values: [Key: Int64]) {
        for (key, gauge) in gauges where values[key] == nil {
            gauge.destroy()
            gauges[key] = nil
        }
        for (key, value) in values { gauge(key).set(value) }
    }

    private mutating func gauge(_ key: Key) -> Meter {
        if let known = gauges[key] { return known }
        let made = Meter(label: key.name, dimensions: key.labels.map { ($0.key, $0.value) }, factory: factory)
        gauges[key] = made
        return made
    }
}
