internal import CLibPQ
internal import Glibc
internal import NIOConcurrencyHelpers
internal import Synchronization

/// A thread that runs one actor's jobs, and between jobs watches one file descriptor.
///
/// libpq blocks; on a thread of its own it blocks nobody else.
final class DedicatedThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
        var watched: CInt = -1
        var onReadable: (@Sendable () -> Void)?
    }

    private let state = NIOLockedValueBox(State())
    private let wakeUp: CInt
    private let thread = Atomic<UInt>(0)

    /// - Throws: When the process has no descriptor left, or the system no thread.
    init(name: String) throws(PostgresError) {
        wakeUp = eventfd(0, CInt(EFD_NONBLOCK) | CInt(EFD_CLOEXEC))
        guard wakeUp >= 0 else {
            throw PostgresError(.connectionFailed, detail: "no descriptor is left: \(String(cString: strerror(errno)))")
        }
        guard startThread(named: name, { [self] in run() }) else {
            throw PostgresError(.connectionFailed, detail: "the system has no thread left")
        }
    }

    deinit { close(wakeUp) }

    /// Ends the thread once its jobs are done.
    func stop() {
        state.withLockedValue { $0.isStopped = true }
        signal()
    }

    /// Calls `onReadable` on this thread, between jobs, whenever `descriptor` has something to read.
    func watch(_ descriptor: CInt, onReadable: @escaping @Sendable () -> Void) {
        state.withLockedValue { state in
            state.watched = descriptor
            state.onReadable = onReadable
        }
        signal()
    }

    func unwatch() {
        state.withLockedValue { state in
            state.watched = -1
            state.onReadable = nil
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasIdle = state.withLockedValue { state in
            state.jobs.append(job)
            return state.jobs.count == 1
        }
        if wasIdle { signal() }
    }

    /// Lets `assumeIsolated` be used by `onReadable`, which is on this thread and in no job.
    func isIsolatingCurrentContext() -> Bool? { UInt(pthread_self()) == thread.load(ordering: .relaxed) }

    func checkIsolated() {
        precondition(UInt(pthread_self()) == thread.load(ordering: .relaxed), "not on this connection's thread")
    }

    private func signal() {
        var one: UInt64 = 1
        _ = write(wakeUp, &one, 8)
    }

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        while true {
            let (jobs, isStopped, watched, onReadable) = state.withLockedValue { state in
                defer { state.jobs.removeAll(keepingCapacity: true) }
                return (state.jobs, state.isStopped, state.watched, state.onReadable)
            }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            if !jobs.isEmpty { continue }
            if isStopped { return }
            if waitForWork(watching: watched) { onReadable?() }
        }
    }

    /// - Returns: Whether the watched descriptor is readable.
    private func waitForWork(watching watched: CInt) -> Bool {
        var descriptors = [
            pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
            pollfd(fd: watched, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, watched < 0 ? 1 : 2, -1)
        if descriptors[0].revents != 0 {
            var count: UInt64 = 0
            _ = read(wakeUp, &count, 8)
        }
        return watched >= 0 && descriptors[1].revents != 0
    }
}
