/// What is to be reached, and by what it is judged.
struct Goal: Sendable {
    enum Measure: Sendable {
        case ratio(String, to: String)
        case value(String)
    }

    enum Bound: Sendable {
        case atLeast(Double)
        case atMost(Double)
    }

    let title: String
    let measure: Measure
    let bound: Bound

    init(_ title: String, _ measure: Measure, _ bound: Bound) {
        self.title = title
        self.measure = measure
        self.bound = bound
    }

    /// `nil` when it was not measured.
    func reached(_ figures: Figures) -> Double? {
        switch measure {
        case .ratio(let name, let reference): figures.ratio(name, to: reference)
        case .value(let name): figures.median(name)
        }
    }

    func isMet(by value: Double) -> Bool {
        switch bound {
        case .atLeast(let least): value >= least
        case .atMost(let most): value <= most
        }
    }
}
