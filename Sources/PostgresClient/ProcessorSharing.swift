internal import CLibPQ
internal import Glibc

/// How the system shares its processors between the threads of this program and those of others.
public enum ProcessorSharing: Sendable {
    /// A thread that is woken may interrupt one that runs: what the system does by default.
    case interrupting
    /// A thread that is woken waits until a processor is free, or whoever runs has used up its turn: Linux's
    /// `SCHED_BATCH` (sched(7)).
    ///
    /// For programs with a store that share their machine with PostgreSQL, or with each other. Each answer of the
    /// server wakes a thread, which would interrupt the very process of the server that has the next group to carry
    /// out.
    case waiting

    /// Makes it so for this thread, and for the threads and processes that are started from it: to be called before
    /// there are others. Where the system refuses, nothing changes.
    public func apply() {
        var parameters = sched_param()
        _ = sched_setscheduler(0, policy, &parameters)
    }

    /// What applies to this thread; `nil` when it is neither.
    public static var current: ProcessorSharing? {
        let policy = sched_getscheduler(0)
        return [.interrupting, .waiting].first { $0.policy == policy }
    }

    private var policy: CInt {
        switch self {
        case .interrupting: SCHED_OTHER
        case .waiting: strata_sched_batch
        }
    }
}
