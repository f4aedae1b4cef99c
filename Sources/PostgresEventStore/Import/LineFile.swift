internal import Glibc

/// The lines of a file, read in blocks.
final class LineFile {
    static let lineBytesMax = 4 << 20
    /// No line may be longer.
    let lineBytesMax: Int
    private static let blockBytes = 1 << 20

    private let descriptor: CInt
    private var bytes: [UInt8] = []
    private var offset = 0
    private var isAtEnd = false
    /// How many lines have been given out.
    private(set) var lineNumber = 0
    private(set) var bytesRead = 0

    /// - Throws: ``EventImportError`` when it cannot be read.
    init(_ path: String, lineBytesMax: Int = LineFile.lineBytesMax) throws(EventImportError) {
        self.lineBytesMax = lineBytesMax
        // A pipe that nobody writes to yet is waited for where that can be given up.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path, errno) }
        self.path = path
    }

    private let path: String

    deinit { close(descriptor) }

    /// The file's size; 0 of what has none, as a pipe.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Calls `body` with the next line, without its line feed.
    ///
    /// - Returns: `nil` at the end of the file.
    func withNextLine<R>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(EventImportError) -> R
    ) throws(EventImportError) -> R? {
        var searched = offset
        while true {
            if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return try take(offset..<end, next: end + 1, body)
            }
            if isAtEnd {
                return offset < bytes.count ? try take(offset..<bytes.count, next: bytes.count, body) : nil
            }
            guard bytes.count - offset <= lineBytesMax else { throw .lineTooLong(lineNumber + 1, max: lineBytesMax) }
            searched = bytes.count - offset
            try readBlock()
        }
    }

    private func take<R>(
        _ line: Range<Int>, next: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(EventImportError) -> R
    ) throws(EventImportError) -> R {
        lineNumber += 1
        offset = next
        return try bytes.withUnsafeBufferPointer { (bytes) throws(EventImportError) in
            try body(UnsafeBufferPointer(rebasing: bytes[line]))
        }
    }

    /// Moves what is left to the front and reads on behind it.
    private func readBlock() throws(EventImportError) {
        bytes.removeSubrange(..<offset)
        offset = 0
        try waitForBytes()
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Self.blockBytes))
        let count = bytes.withUnsafeMutableBytes {
            read(descriptor, $0.baseAddress.map { $0 + start }, Self.blockBytes)
        }
        bytes.removeSubrange((start + max(count, 0))...)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count >= 0 else { throw .unreadable(path, errno) }
        isAtEnd = count == 0
        bytesRead += count
    }

    /// Waits for more of a pipe or a terminal, until the task is cancelled.
    private func waitForBytes() throws(EventImportError) {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        while poll(&descriptors, 1, Self.pollMilliseconds) == 0 {
            guard !Task.isCancelled else { throw .unreadable(path, ECANCELED) }
        }
    }

    private static let pollMilliseconds: CInt = 100
}
