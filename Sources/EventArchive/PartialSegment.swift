internal import Glibc

/// A segment on its way to the disk, under a temporary name that no reader takes for a segment. The temporary name is
/// gone afterwards, or found by its missing lock when the process dies.
package final class PartialSegment {
    private let temporaryPath: String
    private let path: String
    private let folder: String
    private let descriptor: CInt
    private var isRenamed = false

    init(temporaryPath: String, path: String, folder: String) throws(ArchiveError) {
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw ArchiveError(.inputOutput, file: temporaryPath, "cannot be made: \(systemError()).")
        }
        // Waits for whoever has just taken it for one that was left behind; what became of it is seen afterwards.
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        self.temporaryPath = temporaryPath
        self.path = path
        self.folder = folder
    }

    deinit {
        if !isRenamed { unlink(temporaryPath) }
        close(descriptor)
    }

    /// Whether the temporary name still stands for this file.
    var isThere: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0
    }

    package func write(_ bytes: [UInt8]) throws(ArchiveError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw ArchiveError(.inputOutput, file: temporaryPath, "cannot be written: \(systemError()).")
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Brings what was written to the disk.
    package func synchronise() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else {
            throw ArchiveError(.inputOutput, file: temporaryPath, "cannot be written to the disk: \(systemError()).")
        }
    }

    /// Reads back what was written, as a reader would.
    package func readBack() throws(ArchiveError) -> SegmentFile { try SegmentFile(path: temporaryPath) }

    /// Gives the file its name. Call ``synchronise()`` before.
    ///
    /// A file of that name stays, and must be the same segment: another one may be all that is left of a log's events.
    ///
    /// - Throws: ``ArchiveError`` with ``ArchiveError/Code/wrongSegment`` when it is not.
    package func commit() throws(ArchiveError) {
        let failure = giveName(path, to: temporaryPath)
        if failure == EEXIST {
            let other = try SegmentFile(path: path)
            try requireSame(other)
            // Whoever wrote it may not have come to that.
            try other.synchronise()
        } else if failure != 0 {
            throw cannotBeNamed(failure)
        }
        try SegmentFolder.synchronise(folder)
    }

    /// Gives the file its name, in the place of what has it.
    package func replace() throws(ArchiveError) {
        guard rename(temporaryPath, path) == 0 else { throw cannotBeNamed(errno) }
        isRenamed = true
        try SegmentFolder.synchronise(folder)
    }

    private func requireSame(_ other: SegmentFile) throws(ArchiveError) {
        guard try readBack().digest == other.digest else {
            throw ArchiveError(
                .wrongSegment, file: path, positions: other.positions,
                "is another segment than the one that would be sealed: perhaps of another database that uses this folder, or "
                    + "left by a crash before the library of LZ4 was another. Nothing was replaced. If no database has it "
                    + "in its list of segments, move it away.")
        }
    }

    private func cannotBeNamed(_ failure: CInt) -> ArchiveError {
        ArchiveError(.inputOutput, file: path, "cannot be given its name: \(String(cString: strerror(failure))).")
    }
}
