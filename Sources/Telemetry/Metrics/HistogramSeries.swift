internal import CoreMetrics
internal import NIOConcurrencyHelpers

/// How values are spread: how many were up to each of a few fixed bounds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    static let kind = MetricKind.histogram

    /// The upper bounds of the buckets, rising; what is larger than the last counts in `+Inf` alone.
    struct Bounds: Sendable {
        let values: [Double]

        /// For durations: half a millisecond to ten seconds.
        static let seconds = Bounds(
            values: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
        /// For sizes and numbers of things.
        static let counts = Bounds(
            values: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000])
    }

    private struct State {
        var buckets: [Int]
        var count = 0
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: NIOLockedValueBox<State>

    init(_ bounds: Bounds) {
        self.bounds = bounds.values
        state = NIOLockedValueBox(State(buckets: Array(repeating: 0, count: bounds.values.count)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 }
        state.withLockedValue { state in
            if let bucket { state.buckets[bucket] += 1 }
            state.count += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    func write(_ name: String, _ labels: String, to text: inout String) {
        let state = state.withLockedValue { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var upToHere = 0
        for (bound, count) in zip(bounds, state.buckets) {
            upToHere += count
            text += MetricText.line("\(name)_bucket", "\(prefix)le=\"\(MetricText.number(bound))\"", String(upToHere))
        }
        text += MetricText.line("\(name)_bucket", "\(prefix)le=\"+Inf\"", String(state.count))
        text += MetricText.line("\(name)_sum", labels, MetricText.number(state.sum))
        text += MetricText.line("\(name)_count", labels, String(state.count))
    }
}
