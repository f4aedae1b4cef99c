/// Lets any task cancel the job that runs on a connection, and no other.
///
/// A request to cancel goes to the server over a connection of its own, and nothing limits how long that takes. So it
/// has a thread of its own as well, and whoever cancels waits for nothing.
///
/// Unchecked, because the state is touched under the lock alone.
final class Canceller: @unchecked Sendable {
    /// How a job ended.
    enum Ending {
        case undisturbed
        /// The server has taken the request to cancel, before the job's end or after it.
        case cancelled
        /// It is not known whether the server has.
        case cancelIsOnItsWay
    }

    /// How long the end of a job waits for a request that is on its way.
    private static let patience = Duration.seconds(1)

    /// Its value: how many requests are on their way.
    private let lock = ConditionLock(value: 0)
    private var requestsOnTheirWay = 0
    private var handle: CancelHandle?
    private var job: UInt64 = 0
    private var isRunning = false
    private var isCancelled = false

    /// Takes the connection that is cancelled from now on; `nil` for none.
    func use(_ handle: CancelHandle?) {
        lock.lock()
        self.handle = handle
        lock.unlock()
    }

    func begin() -> UInt64 {
        lock.lock()
        defer { lock.unlock() }
        job += 1
        isRunning = true
        isCancelled = false
        return job
    }

    func end() -> Ending {
        lock.lock()
        isRunning = false
        let isCancelled = isCancelled
        lock.unlock()
        guard isCancelled else { return .undisturbed }
        guard lock.lock(whenValue: 0, atMost: Self.patience) else { return .cancelIsOnItsWay }
        lock.unlock()
        return .cancelled
    }

    func wasCancelled(_ job: UInt64) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        return isCancelled && self.job == job
    }

    func cancel(_ job: UInt64) {
        lock.lock()
        guard isRunning, self.job == job, !isCancelled, let handle else { return lock.unlock() }
        isCancelled = true
        addRequests(1)
        let isStarted = startThread(named: "postgres-cancel") { [self] in
            handle.cancel()
            lock.lock()
            addRequests(-1)
        }
        guard !isStarted else { return }
        lock.lock()
        addRequests(-1)
    }

    /// Called with the lock held, which it gives back.
    private func addRequests(_ count: Int) {
        requestsOnTheirWay += count
        lock.unlock(withValue: requestsOnTheirWay)
    }
}
