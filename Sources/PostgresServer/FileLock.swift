internal import Glibc

/// A lock on a file that the system gives up by itself when the program dies, however it dies.
final class FileLock: Sendable {
    enum Kind: Sendable {
        /// Held by one at a time.
        case exclusive
        /// Held by any number at a time, and by none while somebody has it exclusively.
        case shared
    }

    private let descriptor: CInt

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock if nobody has it in a way that excludes this one.
    ///
    /// - Returns: `nil` when another program, or another server of this one, has it.
    static func take(_ path: String, _ kind: Kind = .exclusive) throws(SystemFailure) -> FileLock? {
        // Opened for reading, which is enough for a lock: the file may belong to root, who started the server once.
        let descriptor = open(path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemFailure() }
        // Whatever mask the program runs with; it fails where somebody else has made the file, who did so then.
        fchmod(descriptor, 0o644)
        guard flock(descriptor, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            let failure = SystemFailure()
            close(descriptor)
            if failure.number == EWOULDBLOCK { return nil }
            throw failure
        }
        return FileLock(descriptor)
    }
}
