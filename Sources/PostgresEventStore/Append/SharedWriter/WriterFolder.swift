internal import Glibc

/// A folder of this machine in which the processes find each other that write to the same logs through one of them.
struct WriterFolder: Sendable {
    let path: String

    /// Makes the folder if it is not there.
    ///
    /// - Throws: When it cannot be used, or when another user could put something into it.
    func prepare() throws(SocketError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SocketError() }
        var info = stat()
        guard lstat(path, &info) == 0 else { throw SocketError() }
        guard info.st_mode & S_IFMT == S_IFDIR, info.st_uid == geteuid(), info.st_mode & 0o077 == 0 else {
            throw SocketError(reason: "'\(path)' is not a folder of this user that nobody else can use")
        }
    }

    func socketPath(_ name: String) -> String { "\(path)/\(name).socket" }

    /// Takes the lock of a log, unless a process has it.
    func lock(_ name: String) throws(SocketError) -> WriterLock? {
        let descriptor = open("\(path)/\(name).lock", O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SocketError() }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return WriterLock(descriptor) }
        defer { close(descriptor) }
        if errno == EWOULDBLOCK { return nil }
        throw SocketError()
    }
}

/// Held by the process that writes for the others. The system gives it up when that process dies, however it dies.
final class WriterLock: Sendable {
    private let descriptor: CInt

    fileprivate init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    func release() { flock(descriptor, LOCK_UN) }
}
