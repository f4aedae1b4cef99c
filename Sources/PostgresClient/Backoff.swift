/// Delays that double from 50 ms to a limit, each with up to half of it left out at random, so that many callers do
/// not come back at the same moment.
public struct Backoff: Sendable {
    private var delay: Duration
    private let limit: Duration

    public init(first: Duration = .milliseconds(50), limit: Duration = .seconds(2)) {
        delay = first
        self.limit = limit
    }

    public mutating func next() -> Duration {
        defer { delay = min(delay * 2, limit) }
        return delay * Double.random(in: 0.5...1)
    }
}
