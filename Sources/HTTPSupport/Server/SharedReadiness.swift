/// Shares each outcome among all who ask within a second, and while it is being found out: anybody may ask, as often as
/// they like, and the database is not to notice.
actor SharedReadiness {
    private static let shared = Duration.seconds(1)

    private let ask: @Sendable () async -> Readiness
    private var known: (readiness: Readiness, since: ContinuousClock.Instant)?
    private var asking: Task<Readiness, Never>?

    init(_ ask: @escaping @Sendable () async -> Readiness) { self.ask = ask }

    var value: Readiness {
        get async {
            if let known, known.since.duration(to: .now) < Self.shared { return known.readiness }
            if let asking { return await asking.value }
            // Of its own: others wait for the outcome when the client that has asked first is gone.
            let task = Task { [ask] in await ask() }
            asking = task
            let readiness = await task.value
            asking = nil
            known = (readiness, ContinuousClock.now)
            return readiness
        }
    }
}
