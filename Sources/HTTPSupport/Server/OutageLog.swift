internal import Logging
internal import NIOConcurrencyHelpers

/// Says in the log why the service cannot do its work: of each kind of problem now and then, however many requests meet
/// it.
final class OutageLog: Sendable {
    private static let pause = Duration.seconds(10)

    private let lastTimes = NIOLockedValueBox<[String: ContinuousClock.Instant]>([:])

    /// Does nothing when the problem has no cause that an operator could do something about.
    func report(_ problem: Problem, _ logger: Logger, route: String?) {
        guard let cause = problem.cause, isDue(problem.code) else { return }
        logger.warning(
            "requests are answered with 503",
            metadata: ["code": "\(problem.code)", "route": "\(route ?? "")", "cause": "\(cause)"])
    }

    private func isDue(_ code: String) -> Bool {
        lastTimes.withLockedValue { lastTimes in
            let now = ContinuousClock.now
            if let last = lastTimes[code], last.duration(to: now) < Self.pause { return false }
            lastTimes[code] = now
            return true
        }
    }
}
