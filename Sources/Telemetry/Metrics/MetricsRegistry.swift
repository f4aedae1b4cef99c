public import CoreMetrics
internal import NIOConcurrencyHelpers

/// Keeps every metric of the process, and shows them in the Prometheus text format.
///
/// Bootstrap it once: `MetricsSystem.bootstrap(registry)`. Recording takes an atomic addition or an uncontended lock;
/// names and labels are worked out when a metric is made, so make metrics once and keep them.
public final class MetricsRegistry: MetricsFactory {
    private let families = NIOLockedValueBox<[String: MetricFamily]>([:])
    private let seriesMax: Int

    /// - Parameter seriesMax: How many combinations of labels one name may have; what comes later shares one series.
    public init(seriesMax: Int = 2_000) { self.seriesMax = seriesMax }

    /// All metrics in the Prometheus text format, version 0.0.4, sorted by name.
    public func render() -> String {
        let families = families.withLockedValue { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) { family.write(name, to: &text) }
        return text
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(MetricText.name(label, suffix: "_total"), dimensions) { CounterSeries() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(MetricText.name(label), dimensions) { GaugeSeries() }
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let name = MetricText.name(label)
        return aggregate
            ? series(name, dimensions) { HistogramSeries(.counts) } : series(name, dimensions) { GaugeSeries() }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(MetricText.name(label, suffix: "_seconds"), dimensions) { HistogramSeries(.seconds) }
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// The series of a name and its labels; the same one for the same labels.
    private func series<Series: MetricSeries>(
        _ name: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let labels = MetricText.labels(dimensions)
        return families.withLockedValue { families in
            // Prometheus takes one kind of metric for a name: another kind gets a name of its own.
            for name in [name, "\(name)_\(Series.kind)"] {
                let family = families[name, default: MetricFamily(kind: Series.kind)]
                guard family.kind == Series.kind else { continue }
                families[name] = family
                if let series = families[name]?.series(labels, max: seriesMax, make) { return series }
            }
            return make()
        }
    }

    private func remove(_ handler: AnyObject) {
        families.withLockedValue { families in
            for name in families.keys { families[name]?.remove(handler) }
        }
    }
}
