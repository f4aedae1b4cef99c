internal import EventSourcing
internal import PostgresClient

/// What a COPY of several pages brings, message by message.
struct CopiedPages {
    /// Signature, flags and an empty extension.
    private static let headerBytes = 19

    private(set) var pages: [CopiedRows] = []
    private let size: PageSize
    private let bytesMax: Int
    private var byteCount = 0
    private var isBehindHeader = false

    /// - Parameters:
    ///   - size: What a page holds.
    ///   - bytesMax: What is kept of rows behind the first page, or a little more. Pages that lack rows for it are of
    ///     no use, and have to be read again.
    init(_ size: PageSize, bytesMax: Int) {
        self.size = size
        self.bytesMax = bytesMax
    }

    /// Takes in what one message brought: a row, the first one behind the header, or the trailer.
    mutating func append(_ message: UnsafeRawBufferPointer) throws {
        var row = message[...]
        if !isBehindHeader {
            guard row.count >= Self.headerBytes, row.prefix(6).elementsEqual("PGCOPY".utf8) else {
                throw PostgresError.malformedCopy
            }
            row = row.dropFirst(Self.headerBytes)
            isBehindHeader = true
        }
        // The trailer is a count of columns of -1.
        guard row.count > 2, !isOverfull else { return }
        byteCount += row.count
        if pages.last.map({ $0.count == size.events }) ?? true {
            pages.append(CopiedRows(byteCapacity: min(size.events, 4_000) * 512))
        }
        pages[pages.count - 1].append(UnsafeRawBufferPointer(rebasing: row))
    }

    /// Whether what was kept is more than the first page may have, or too much behind it.
    private var isOverfull: Bool {
        byteCount > size.bytes || byteCount >= bytesMax && pages.first?.count == size.events
    }
}
