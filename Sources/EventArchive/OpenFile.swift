internal import Glibc

/// An open file, closed when nobody has it any more.
final class OpenFile: Sendable {
    let path: String
    let byteCount: Int
    private let descriptor: CInt

    init(path: String) throws(ArchiveError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code: ArchiveError.Code = errno == ENOENT ? .missing : .inputOutput
            throw ArchiveError(code, file: path, "cannot be opened: \(systemError()).")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let problem = systemError()
            close(descriptor)
            throw ArchiveError(.inputOutput, file: path, "cannot be read: \(problem).")
        }
        self.path = path
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// `count` bytes from `offset` on.
    func read(_ count: Int, at offset: Int) throws(ArchiveError) -> [UInt8] {
        guard count >= 0, offset >= 0, count <= byteCount, offset <= byteCount - count else {
            throw ArchiveError(.damaged, file: path, "ends before its contents do.")
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + initialized }, count - initialized,
                    off_t(offset + initialized))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                initialized += got
            }
        }
        guard bytes.count == count else {
            throw ArchiveError(.inputOutput, file: path, "cannot be read: \(systemError()).")
        }
        return bytes
    }

    /// Brings what was read here to the disk: it may be in the machine's memory alone.
    func synchronise() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else {
            throw ArchiveError(.inputOutput, file: path, "cannot be written to the disk: \(systemError()).")
        }
    }
}

/// What the system said about the last call that failed.
func systemError() -> String { String(cString: strerror(errno)) }
