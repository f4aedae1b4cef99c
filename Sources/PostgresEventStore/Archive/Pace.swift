internal import Glibc

/// Leaves time to others: rests after each piece of work, so that work takes no more than its share.
///
/// Blocks its thread.
struct Pace: Sendable {
    static let full = Pace(share: 1)

    /// The part of the time that is worked.
    let share: Double

    private static let restMaxMicroseconds = 500_000.0

    func run(_ work: () throws -> Void) rethrows {
        let began = ContinuousClock.now
        try work()
        let worked = began.duration(to: .now) / .microseconds(1)
        let rest = min(Self.restMaxMicroseconds, worked * (1 / share - 1))
        if rest > 0 { usleep(UInt32(rest)) }
    }
}
