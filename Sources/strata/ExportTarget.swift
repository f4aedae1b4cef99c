internal import ArgumentParser
internal import EventArchive
internal import Glibc

/// Where exported lines go: standard output, or a file that has its name only once it is whole.
///
/// Unchecked, because one task uses it at a time.
final class ExportTarget: @unchecked Sendable {
    private let descriptor: CInt
    private let file: String?
    private let partial: String
    private var keepsPartial = false

    /// - Parameter file: Must not exist; `nil`: standard output.
    init(_ file: String?) throws {
        self.file = file
        partial = (file ?? "") + "." + String(UInt64.random(in: 0 ... .max), radix: 36) + ".partial"
        guard let file else {
            descriptor = STDOUT_FILENO
            return
        }
        guard access(file, F_OK) != 0 else { throw Self.cannotBeMade(file, EEXIST) }
        // Events are nobody else's business.
        descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.cannotBeMade(partial, errno) }
    }

    deinit {
        guard file != nil else { return }
        close(descriptor)
        if !keepsPartial { unlink(partial) }
    }

    func write(_ bytes: [UInt8]) throws { try strata.write(bytes, to: descriptor) }

    /// Gives the file its name, once it is on disk.
    func finish() throws {
        guard let file else { return }
        guard fsync(descriptor) == 0 else { throw OutputFailure(number: errno) }
        let failure = giveName(file, to: partial)
        guard failure == 0 else {
            keepsPartial = true
            throw OutputFailure(reason: "\(String(cString: strerror(failure))). The events are in \(partial)")
        }
        _ = synchroniseFolder(file.contains("/") ? String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) : ".")
    }

    private static func cannotBeMade(_ file: String, _ number: CInt) -> ValidationError {
        ValidationError("\(file) cannot be made: \(String(cString: strerror(number))).")
    }
}
