internal import Glibc

/// A process that waits for the end of this one, and then kills a throw-away server and removes its folder.
///
/// `atexit` would not do: a test that crashes never gets there.
final class Guardian: Sendable {
    private let process: ChildProcess
    private let lifeline: CInt

    private static let script = """
        cat >/dev/null
        data=$1/postgres/data
        pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || pid=
        if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$data" ]; then
            kill -QUIT "$pid"
            for _ in $(seq 100); do [ -e "$data/postmaster.pid" ] || break; sleep 0.05; done
        fi
        umount -l "$1" 2>/dev/null
        rm -rf "$1"
        """

    /// The guardian waits for the end of a connection whose other end is closed by ``release()``, or by the system when
    /// this process is gone.
    init(watching folder: String) throws(SystemFailure) {
        var ends: [CInt] = [-1, -1]
        // Not a pipe: a pair of sockets can be closed to other children from the beginning.
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemFailure() }
        defer { close(ends[0]) }
        do {
            process = try ChildProcess.spawn(["sh", "-c", Self.script, "strata-guardian", folder], input: ends[0])
            lifeline = ends[1]
        } catch {
            close(ends[1])
            throw error
        }
    }

    /// Removes the folder now, and returns when it is gone. To be called once.
    func release() async {
        close(lifeline)
        await patience(upTo: .seconds(60)) { !process.isRunning }
    }
}
