internal import CoreMetrics
internal import Synchronization

/// What only ever grows.
final class CounterSeries: MetricSeries, CounterHandler {
    static let kind = MetricKind.counter

    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(_ name: String, _ labels: String, to text: inout String) {
        text += MetricText.line(name, labels, String(value.load(ordering: .relaxed)))
    }
}
