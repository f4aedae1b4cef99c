/// The kinds of metrics that Prometheus knows, and this registry makes.
enum MetricKind: String {
    case counter, gauge, histogram
}

/// One line, or a few, of the Prometheus text format: a metric with one combination of labels.
protocol MetricSeries: AnyObject, Sendable {
    static var kind: MetricKind { get }

    func write(_ name: String, _ labels: String, to text: inout String)
}

/// All series of one name.
struct MetricFamily {
    let kind: MetricKind
    private var series: [String: any MetricSeries] = [:]

    init(kind: MetricKind) { self.kind = kind }

    /// The series with these labels, made if it is not there.
    ///
    /// - Returns: `nil` when the labels' series is of another type.
    mutating func series<Series: MetricSeries>(_ labels: String, max: Int, _ make: () -> Series) -> Series? {
        let labels = series[labels] == nil && series.count >= max ? "overflow=\"true\"" : labels
        if let known = series[labels] { return known as? Series }
        let new = make()
        series[labels] = new
        return new
    }

    mutating func remove(_ handler: AnyObject) {
        series = series.filter { $0.value !== handler }
    }

    func write(_ name: String, to text: inout String) {
        guard !series.isEmpty else { return }
        text += "# TYPE \(name) \(kind)\n"
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) { series.write(name, labels, to: &text) }
    }
}
