/// One measurement.
struct Figure: Sendable, Equatable {
    enum Unit: String, Sendable {
        case perSecond = "/s"
        case microseconds = "µs"
        case megabytes = "MB"
        case milliseconds = "ms"
        case times = "×"
        case percent = "%"
    }

    let value: Double
    let unit: Unit

    static func perSecond(_ value: Double) -> Figure { Figure(value: value, unit: .perSecond) }
    /// Shown in microseconds.
    static func nanoseconds(_ value: UInt64) -> Figure { Figure(value: Double(value) / 1_000, unit: .microseconds) }
    static func microseconds(_ value: Double) -> Figure { Figure(value: value, unit: .microseconds) }
    static func megabytes(_ value: Double) -> Figure { Figure(value: value, unit: .megabytes) }
    static func milliseconds(_ value: Double) -> Figure { Figure(value: value, unit: .milliseconds) }
    static func times(_ value: Double) -> Figure { Figure(value: value, unit: .times) }
    static func percent(_ value: Double) -> Figure { Figure(value: value, unit: .percent) }
}

/// What was measured, by name, one value for each round.
struct Figures: Sendable {
    private(set) var names: [String] = []
    private var values: [String: [Double]] = [:]
    private var units: [String: Figure.Unit] = [:]

    mutating func add(_ name: String, _ figure: Figure) {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(figure.value)
        units[name] = figure.unit
        progress("    \(name): \(figure.value.short) \(figure.unit.rawValue)")
    }

    func rounds(_ name: String) -> [Double] { values[name, default: []] }

    /// Whether the round in which `name` is measured next is the first, the third and so on. Who comes first changes
    /// with that: neither of two is always the one that finds the other's work in the server's memory and on its disk.
    func isOddRound(of name: String) -> Bool { rounds(name).count.isMultiple(of: 2) }

    func unit(_ name: String) -> Figure.Unit? { units[name] }

    func median(_ name: String) -> Double? { rounds(name).median }

    /// The median of the ratios of each round; `nil` when one of the two was not measured.
    func ratio(_ name: String, to reference: String) -> Double? {
        zip(rounds(name), rounds(reference)).map { $0 / max($1, .leastNonzeroMagnitude) }.median
    }
}

extension [Double] {
    /// The middle one, or the mean of the two in the middle; `nil` of none.
    var median: Double? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }
}
