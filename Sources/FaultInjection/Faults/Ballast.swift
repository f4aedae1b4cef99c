internal import Glibc

/// A file that takes all the room of a file system.
struct Ballast: Sendable {
    private let path: String

    init(folder: String) { path = folder + "/ballast" }

    /// Takes the room that is left.
    func fill() throws {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == ENOSPC { return }
            throw FaultError("no ballast could be laid: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        for size in [1 << 20, 4_096] {
            let block = [UInt8](repeating: 0, count: size)
            while write(file, block, size) > 0 {}
        }
    }

    /// Gives the room back.
    func remove() { unlink(path) }
}
