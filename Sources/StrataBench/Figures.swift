/// What was measured, by name, one value for each round.
struct Figures {
    private(set) var names: [String] = []
    private var values: [String: [Double]] = [:]

    mutating func add(_ name: String, _ value: Double) {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(value)
        progress("  \(name): \(Int(value)) a second")
    }

    func median(_ name: String) -> Double {
        let sorted = values[name, default: [0]].sorted()
        return sorted[sorted.count / 2]
    }

    func rounds(_ name: String) -> [Double] { values[name, default: []] }
}
