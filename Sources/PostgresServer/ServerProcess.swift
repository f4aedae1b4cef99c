internal import Glibc

/// The server's main process: a child of this program, or one that an earlier program left behind.
enum ServerProcess: Sendable {
    case child(ChildProcess)
    /// Known by its id and by the folder of its data: the id alone may be somebody else's by now.
    case adopted(pid_t, data: String)

    var id: pid_t {
        switch self {
        case .child(let child): child.id
        case .adopted(let id, _): id
        }
    }

    var isRunning: Bool {
        switch self {
        case .child(let child): child.isRunning
        case .adopted(let id, let data): ServerProcess.isAlive(id) && ServerProcess.works(in: data, id)
        }
    }

    func signal(_ number: CInt) {
        switch self {
        case .child(let child): child.signal(number)
        case .adopted(let id, _): if isRunning { Glibc.kill(id, number) }
        }
    }

    /// Ends the server: sessions are cut off and everything is written; after `limit`, as if the power had failed.
    func stop(limit: Duration) async {
        signal(SIGINT)
        if await patience(upTo: limit, until: { !isRunning }) { return }
        signal(SIGQUIT)
        if await patience(upTo: .seconds(10), until: { !isRunning }) { return }
        signal(SIGKILL)
        await patience(upTo: .seconds(10)) { !isRunning }
    }

    /// Whether the program file was replaced after the process had started. Such a server cannot load its own modules.
    var hasOutdatedBinaries: Bool {
        Files.target(ofLink: "/proc/\(id)/exe")?.hasSuffix(Self.deletedMark) ?? false
    }

    /// What the system puts behind the path of something that was removed.
    private static let deletedMark = " (deleted)"

    /// A process that has ended and that nobody has reaped is not alive.
    static func isAlive(_ id: pid_t) -> Bool {
        guard let status = Files.read("/proc/\(id)/stat"), let name = status.lastIndex(of: ")") else { return false }
        let state = status[name...].dropFirst(2).first
        return state != "Z" && state != "X"
    }

    /// Whether the process works in `folder`, as the server's does in its data: a process id alone may be somebody
    /// else's by now.
    static func works(in folder: String, _ id: pid_t) -> Bool {
        guard let current = Files.status("/proc/\(id)/cwd"), let expected = Files.status(folder) else { return false }
        return current.identity == expected.identity
    }

    /// All processes that work in `folder`, be it that it was removed under them.
    static func all(workingIn folder: String) -> [pid_t] {
        Files.names(in: "/proc").compactMap { pid_t($0) }.filter { id in
            isAlive(id)
                && (works(in: folder, id) || Files.target(ofLink: "/proc/\(id)/cwd") == folder + deletedMark)
        }
    }
}
