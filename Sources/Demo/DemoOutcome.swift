/// What a demo found in the end.
public struct DemoOutcome: Sendable {
    /// What was sent, declined cards included.
    public var sent = Totals()
    /// What must be confirmed, where that can be told before.
    public var expected: Totals?
    /// What the query API reports as confirmed.
    public var confirmed = Totals()
    public var rejected = 0
    /// Everything that is not as it must be, in plain words; at most a few of each kind.
    public var differences: [String] = []
    public var orderedSeconds = 0.0
    /// From the first order until no order was in between.
    public var settledSeconds = 0.0
    var settledAt: ContinuousClock.Instant?

    private var kinds: [String: Int] = [:]

    /// Notes a difference; from the sixth of a kind on they are only counted.
    mutating func differ(_ kind: String, _ text: String) {
        kinds[kind, default: 0] += 1
        if kinds[kind, default: 0] <= 5 { differences.append("\(kind): \(text)") }
    }

    /// How many differences of each kind there are.
    public var differenceCounts: [(kind: String, count: Int)] { kinds.sorted { $0.key < $1.key }.map { ($0, $1) } }
}
