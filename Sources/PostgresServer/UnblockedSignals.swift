internal import CSpawn
internal import Glibc

/// Runs `body`, which starts a process, with no signal blocked. A child inherits what its parent's thread blocks:
/// threads of the cooperative pool block most signals, and some of the system's libraries block the alarm by which
/// pgbench ends.
package func withUnblockedSignals(_ body: () throws -> Void) rethrows {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
}
