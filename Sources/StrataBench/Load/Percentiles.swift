/// Samples in order, to ask for their percentiles.
struct Percentiles: Sendable {
    private let sorted: [UInt64]

    init(_ samples: [UInt64]) { sorted = samples.sorted() }

    /// The smallest sample that at least `percent` of all samples do not exceed (nearest rank); 0 of none.
    subscript(percent: Double) -> UInt64 {
        guard !sorted.isEmpty else { return 0 }
        let rank = (percent * Double(sorted.count) / 100).rounded(.up)
        return sorted[min(Swift.max(Int(rank), 1), sorted.count) - 1]
    }

    var max: UInt64 { sorted.last ?? 0 }
}
