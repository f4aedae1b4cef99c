/// How much memory a process had after so many events.
struct MemorySamples: Sendable {
    private var samples: [(events: Double, megabytes: Double)] = []

    mutating func add(events: Double, megabytes: Double) { samples.append((events, megabytes)) }

    var largest: Double { samples.map(\.megabytes).max() ?? 0 }

    /// Megabytes a million events, by least squares over the second half of the samples: the first is warming up.
    var slopePerMillion: Double {
        let half = samples.suffix(samples.count - samples.count / 2)
        let count = Double(half.count)
        guard count >= 2 else { return 0 }
        let meanEvents = half.reduce(0) { $0 + $1.events } / count
        let meanMegabytes = half.reduce(0) { $0 + $1.megabytes } / count
        let covariance = half.reduce(0) { $0 + ($1.events - meanEvents) * ($1.megabytes - meanMegabytes) }
        let variance = half.reduce(0) { $0 + ($1.events - meanEvents) * ($1.events - meanEvents) }
        return variance > 0 ? covariance / variance * 1e6 : 0
    }
}
