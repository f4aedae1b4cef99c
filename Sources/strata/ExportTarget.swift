internal import ArgumentParser
internal import Glibc

/// Where exported lines go: standard output, or a file that has its name only once it is whole.
final class ExportTarget: Sendable {
    private let descriptor: CInt
    private let file: String?

    /// - Parameter file: Must not exist; `nil`: standard output.
    init(_ file: String?) throws {
        self.file = file
        guard let file else {
            descriptor = STDOUT_FILENO
            return
        }
        guard access(file, F_OK) != 0 else { throw Self.failure(file, EEXIST) }
        // Events are nobody else's business.
        descriptor = open(Self.partial(file), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(Self.partial(file), errno) }
    }

    deinit {
        guard let file else { return }
        close(descriptor)
        unlink(Self.partial(file))
    }

    func write(_ bytes: [UInt8]) throws { try strata.write(bytes, to: descriptor) }

    /// Gives the file its name, once it is on disk.
    func finish() throws {
        guard let file else { return }
        // A link and not a new name: another file that has come there meanwhile stays.
        guard fsync(descriptor) == 0, link(Self.partial(file), file) == 0 else { throw Self.failure(file, errno) }
    }

    private static func partial(_ file: String) -> String { "\(file).\(getpid()).partial" }

    private static func failure(_ file: String, _ number: CInt) -> ValidationError {
        ValidationError("\(file) cannot be made: \(String(cString: strerror(number))).")
    }
}
