internal import CSpawn
internal import Dispatch
internal import FoundationEssentials
internal import Glibc
internal import PostgresClient
internal import Synchronization

/// A process that this program has started: in a session of its own, so that Ctrl-C does not reach it, without any of
/// the program's open files, and reaped as soon as it ends.
final class ChildProcess: Sendable {
    let id: pid_t
    /// The status that `waitpid` gave, or `running`.
    private let status: Atomic<CInt>
    private static let running = CInt.min

    private init(id: pid_t) {
        self.id = id
        status = Atomic(ChildProcess.running)
    }

    var isRunning: Bool { status.load(ordering: .acquiring) == ChildProcess.running }

    /// Whether it ended by itself and reported success.
    var hasSucceeded: Bool { status.load(ordering: .acquiring) == 0 }

    /// - Parameters:
    ///   - input: What the process reads; -1: nothing.
    ///   - output: Where it writes its output and its errors; -1: nowhere.
    static func spawn(
        _ command: [String], as user: ServerUser? = nil, input: CInt = -1, output: CInt = -1
    ) throws(SystemFailure) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        connect(0, to: input, O_RDONLY, &actions)
        connect(1, to: output, O_WRONLY, &actions)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A server that outlives the program must not keep its ports and locks.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, "/")
        reset(&attributes)

        var id = pid_t()
        let arguments = CStrings((user?.commandPrefix ?? []) + command)
        let environment = CStrings(cleanEnvironment)
        let failure = posix_spawnp(
            &id, arguments.first, &actions, &attributes, arguments.pointers, environment.pointers)
        guard failure == 0 else { throw SystemFailure(failure) }
        let child = ChildProcess(id: id)
        child.reapWhenDone()
        return child
    }

    /// Does nothing when the process has ended.
    func signal(_ number: CInt) {
        if isRunning { Glibc.kill(id, number) }
    }

    private func reapWhenDone() {
        DispatchQueue(label: "strata.reaper").async { [self] in
            var status: CInt = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            self.status.store(status, ordering: .releasing)
        }
    }

    private static func connect(
        _ standard: CInt, to descriptor: CInt, _ mode: CInt, _ actions: inout posix_spawn_file_actions_t
    ) {
        if descriptor >= 0 {
            posix_spawn_file_actions_adddup2(&actions, descriptor, standard)
        } else {
            posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", mode, 0)
        }
    }

    /// A program that handles signals itself blocks or ignores them, and one may have chosen not to interrupt others: a
    /// child would inherit both.
    private static func reset(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var flags = strata_spawn_setsid | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        // Asked for only where it is needed: a system that refuses it would not start the child.
        if ProcessorSharing.current == .waiting {
            var parameters = sched_param()
            posix_spawnattr_setschedparam(&attributes, &parameters)
            posix_spawnattr_setschedpolicy(&attributes, SCHED_OTHER)
            flags |= strata_spawn_setscheduler
        }
        posix_spawnattr_setflags(&attributes, flags)
    }

    /// What programs need to be found and to run. Nothing else of this program's environment, where secrets may be, and
    /// what would change PostgreSQL's defaults or its language.
    private static var cleanEnvironment: [String] {
        let environment = ProcessInfo.processInfo.environment
        return ["HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR"].compactMap { name in
            environment[name].map { "\(name)=\($0)" }
        } + ["LC_ALL=C"]
    }
}

/// A null-terminated array of C strings, as `exec` takes it.
private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
        (pointers + count).initialize(to: nil)
    }

    var first: UnsafePointer<CChar> {
        guard let first = pointers[0] else { preconditionFailure("a command has a name") }
        return UnsafePointer(first)
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
