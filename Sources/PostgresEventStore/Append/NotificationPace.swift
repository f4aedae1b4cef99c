/// Decides which appends announce the new head to other processes.
///
/// A notification wakes every listener, and the server lets no two transactions that notify commit at the same time. So
/// a busy writer announces its head now and then, and once more when it rests.
struct NotificationPace: Sendable {
    private static let interval = Duration.milliseconds(5)

    private var last: ContinuousClock.Instant?
    /// Whether the head has moved since it was last announced.
    private(set) var isOwed = false

    /// Whether the group that is sent at `now` announces the head; if not, that is owed from then on.
    mutating func announces(at now: ContinuousClock.Instant) -> Bool {
        isOwed = last.map { now < $0 + Self.interval } ?? false
        if !isOwed { last = now }
        return !isOwed
    }

    /// Records that an announcement was not made, or that nobody knows whether it was.
    mutating func owe() { isOwed = last != nil }

    /// Records that the head was announced.
    mutating func announced(at now: ContinuousClock.Instant) {
        isOwed = false
        last = now
    }

    /// How long a writer that rests waits for more before it announces what it owes; `nil` when it owes nothing.
    func patience(at now: ContinuousClock.Instant) -> Duration? {
        guard isOwed, let last else { return nil }
        return max(.zero, last + Self.interval - now)
    }
}
