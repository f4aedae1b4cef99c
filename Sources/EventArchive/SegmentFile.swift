internal import EventSourcing
internal import NIOConcurrencyHelpers

/// A segment that is open for reading. Everything that it gives was checked against its digest.
package final class SegmentFile: Sendable {
    package let footer: SegmentFooter
    package let digest: Digest
    let blocks: [BlockEntry]
    /// Where each block begins in the file, and one more for the end of the last.
    private let offsets: [Int]
    /// The position of each block's first event, and one more for the end of the last.
    private let firsts: [Position]
    private let file: OpenFile
    private let postings = NIOLockedValueBox<[SectionKind: Postings]>([:])

    package var path: String { file.path }
    package var byteCount: Int { file.byteCount }
    package var positions: ClosedRange<Int64> { footer.positions }
    package var blockCount: Int { blocks.count }

    package init(path: String) throws(ArchiveError) {
        file = try OpenFile(path: path)
        (footer, digest) = try Self.readFooter(file)
        blocks = try Self.readBlocks(file, footer)
        var offset = SegmentFormat.magic.count
        offsets =
            [offset]
            + blocks.map { block in
                offset += block.piece.storedCount
                return offset
            }
        var first = Position(rawValue: footer.firstPosition)
        firsts =
            [first]
            + blocks.map { block in
                first = first.advanced(by: block.eventCount)
                return first
            }
    }

    /// Brings the file to the disk, whoever wrote it.
    package func synchronise() throws(ArchiveError) { try file.synchronise() }

    // MARK: Blocks

    /// The positions of a block's events.
    package func positions(ofBlock number: Int) -> ClosedRange<Int64> {
        firsts[number].rawValue...firsts[number + 1].rawValue - 1
    }

    /// The block that holds the event at `position`, which is one of the segment's.
    package func block(at position: Int64) -> Int {
        var (low, high) = (0, blocks.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if firsts[middle].rawValue <= position { low = middle } else { high = middle }
        }
        return low
    }

    /// Reads a block, checks it and unpacks it.
    package func readBlock(_ number: Int) throws(ArchiveError) -> EventBlock {
        let entry = blocks[number]
        let stored = try file.read(entry.piece.storedCount, at: offsets[number])
        guard let bytes = entry.piece.unpack(stored),
            let block = EventBlock(bytes, of: footer.log.name, first: firsts[number], eventCount: entry.eventCount)
        else {
            throw ArchiveError(
                .damaged, file: path, positions: positions(ofBlock: number),
                "is damaged in block \(number): its bytes are not those that were sealed.")
        }
        return block
    }

    // MARK: Postings

    /// Read when they are first asked for, and kept.
    func postings(_ kind: SectionKind) throws(ArchiveError) -> Postings {
        if let known = postings.withLockedValue({ $0[kind] }) { return known }
        let bytes = try Self.readSection(kind, file, footer)
        guard let read = Postings(bytes, withRevisions: kind == .streams, blockCount: blocks.count) else {
            throw Self.damaged(file, footer, kind)
        }
        postings.withLockedValue { $0[kind] = read }
        return read
    }

    /// Frees what ``postings(_:)`` keeps.
    package func forgetPostings() { postings.withLockedValue { $0 = [:] } }

    // MARK: Opening

    private static func readFooter(_ file: OpenFile) throws(ArchiveError) -> (SegmentFooter, Digest) {
        let magic = SegmentFormat.magic
        func damaged(_ what: String) -> ArchiveError { ArchiveError(.damaged, file: file.path, what) }
        guard file.byteCount >= magic.count + SegmentFormat.tailByteCount else {
            throw damaged("is damaged: it is too short to be a segment.")
        }
        let head = try file.read(magic.count, at: 0)
        let tail = try file.read(SegmentFormat.tailByteCount, at: file.byteCount - SegmentFormat.tailByteCount)
        let end = Array(tail.suffix(magic.count))
        if head == end, head != magic, head.dropLast() == magic.dropLast() {
            throw ArchiveError(
                .unsupported, file: file.path,
                "has version \(head[magic.count - 1]) of the format, and this program knows version 1. Use a newer Strata."
            )
        }
        guard head == magic else { throw damaged("is damaged in its first bytes, or is no segment.") }
        guard end == magic else { throw damaged("is damaged in its last bytes, or was cut off.") }
        let footerCount = Int(tail.number(at: 0, as: UInt32.self))
        let bytes = try file.read(footerCount, at: file.byteCount - SegmentFormat.tailByteCount - footerCount)
        let digest = SegmentFormat.digest(footer: bytes)
        guard Digest(tail[4..<4 + Digest.byteCount]) == digest, let footer = SegmentFooter(bytes) else {
            throw damaged("is damaged in its footer.")
        }
        return (footer, digest)
    }

    private static func readBlocks(_ file: OpenFile, _ footer: SegmentFooter) throws(ArchiveError) -> [BlockEntry] {
        let bytes = try readSection(.blocks, file, footer)
        guard let blocks = BlockEntry.entries(bytes, count: footer.blockCount),
            blocks.reduce(0, { $0 + $1.eventCount }) == footer.eventCount,
            SegmentFormat.magic.count + blocks.reduce(0, { $0 + $1.piece.storedCount })
                == sectionsStart(file, footer)
        else { throw damaged(file, footer, .blocks) }
        return blocks
    }

    /// The sections end where the footer begins.
    private static func sectionsStart(_ file: OpenFile, _ footer: SegmentFooter) -> Int {
        file.byteCount - SegmentFormat.tailByteCount - footer.bytes.count
            - footer.sections.reduce(0) { $0 + $1.piece.storedCount }
    }

    private static func readSection(
        _ kind: SectionKind, _ file: OpenFile, _ footer: SegmentFooter
    ) throws(ArchiveError) -> [UInt8] {
        var offset = sectionsStart(file, footer)
        for section in footer.sections {
            if section.kind == kind.rawValue {
                let stored = try file.read(section.piece.storedCount, at: offset)
                guard let bytes = section.piece.unpack(stored) else { break }
                return bytes
            }
            offset += section.piece.storedCount
        }
        throw damaged(file, footer, kind)
    }

    private static func damaged(_ file: OpenFile, _ footer: SegmentFooter, _ kind: SectionKind) -> ArchiveError {
        ArchiveError(
            .damaged, file: file.path, positions: footer.positions,
            "is damaged in its index of \(kind): its bytes are not those that were sealed.")
    }
}
