import CoreMetrics
import Telemetry
import Testing

struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    @Test func `shows counters, gauges and histograms in the Prometheus text format`() {
        Counter(label: "orders.placed", dimensions: [("shop", "a")], factory: registry).increment(by: 3)
        Gauge(label: "lag", factory: registry).record(1.5)
        let recorder = Recorder(label: "batch", dimensions: [], aggregate: true, factory: registry)
        recorder.record(2)
        recorder.record(7)
        let lines = registry.render().split(separator: "\n").map(String.init)
        #expect(lines.prefix(2) == ["# TYPE batch histogram", #"batch_bucket{le="1"} 0"#])
        #expect(lines.contains(#"batch_bucket{le="2"} 1"#))
        #expect(lines.contains(#"batch_bucket{le="10"} 2"#))
        #expect(lines.contains(#"batch_bucket{le="+Inf"} 2"#))
        #expect(lines.contains("batch_sum 9"))
        #expect(lines.contains("batch_count 2"))
        #expect(
            lines.suffix(4) == [
                "# TYPE lag gauge", "lag 1.5", "# TYPE orders_placed_total counter",
                #"orders_placed_total{shop="a"} 3"#,
            ])
    }

    @Test func `shows durations in seconds`() {
        Timer(label: "request", dimensions: [], factory: registry).recordMilliseconds(20)
        let text = registry.render()
        #expect(text.contains("request_seconds_bucket{le=\"0.01\"} 0\n"))
        #expect(text.contains("request_seconds_bucket{le=\"0.025\"} 1\n"))
        #expect(text.contains("request_seconds_sum 0.02\n"))
    }

    @Test func `escapes labels and replaces what cannot be in a name`() {
        Counter(label: "1 wéird-näme", dimensions: [("a b", "x\"\\\ny")], factory: registry).increment()
        #expect(registry.render().contains(#"__w_ird_n_me_total{a_b="x\"\\\ny"} 1"#))
    }

    @Test func `gives the same series for the same labels, in whatever order`() {
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        #expect(registry.render().contains(#"c_total{a="1",b="2"} 2"#))
    }

    @Test func `keeps another kind of metric under a name of its own`() {
        Gauge(label: "x", factory: registry).record(1)
        Recorder(label: "x", dimensions: [], aggregate: true, factory: registry).record(1)
        let text = registry.render()
        #expect(text.contains("# TYPE x gauge\n"))
        #expect(text.contains("# TYPE x_histogram histogram\n"))
    }

    @Test func `lets labels that are too many share one series`() {
        let registry = MetricsRegistry(seriesMax: 2)
        for index in 0..<5 { Counter(label: "c", dimensions: [("i", "\(index)")], factory: registry).increment() }
        let lines = registry.render().split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.contains(#"c_total{overflow="true"} 3"#))
    }

    @Test func `counts from many tasks without losing any`() async {
        let counter = Counter(label: "c", dimensions: [], factory: registry)
        let timer = Timer(label: "t", dimensions: [], factory: registry)
        let meter = Meter(label: "m", dimensions: [], factory: registry)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        counter.increment()
                        timer.recordNanoseconds(1)
                        meter.increment()
                        meter.decrement()
                    }
                }
            }
        }
        let text = registry.render()
        #expect(text.contains("c_total 8000\n"))
        #expect(text.contains("t_seconds_count 8000\n"))
        #expect(text.contains("m 0\n"))
    }

    @Test func `forgets a metric that is destroyed`() {
        let counter = Counter(label: "c", dimensions: [], factory: registry)
        counter.increment()
        counter.destroy()
        #expect(registry.render().isEmpty)
    }
}
