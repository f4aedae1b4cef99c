package import EventSourcing

/// Turns events into the bytes of a segment, piece by piece. Does no input or output.
package struct SegmentWriter {
    /// A segment that was written.
    package struct Outcome: Hashable, Sendable {
        package let digest: Digest
        package let positions: ClosedRange<Int64>
        package let byteCount: Int
    }

    private let log: SegmentLog
    private let firstPosition: Position
    private let blockByteCount: Int
    private var next: Position
    private var block = BlockBuilder()
    private var blocks: [BlockEntry] = []
    private var index = SegmentIndexBuilder()
    private var byteCount = 0

    /// - Parameter blockByteCount: A block ends with the event that brings it to so many bytes.
    package init(log: SegmentLog, firstPosition: Position, blockByteCount: Int? = nil) {
        self.log = log
        self.firstPosition = firstPosition
        self.blockByteCount = blockByteCount ?? SegmentFormat.blockByteCount
        next = firstPosition
    }

    /// Adds the event at the next position.
    ///
    /// - Returns: Bytes that are to be written now; mostly none.
    package mutating func append(_ event: RecordedEvent) -> [UInt8] {
        precondition(event.position == next, "the events of a segment come in the order of their positions")
        let isFirst = next == firstPosition
        next = next.advanced(by: 1)
        block.append(event)
        index.add(event)
        let stored = (isFirst ? SegmentFormat.magic : []) + (block.byteCount >= blockByteCount ? endBlock() : [])
        byteCount += stored.count
        return stored
    }

    /// - Returns: The rest of the bytes, and what the segment is known by.
    package mutating func finish() -> (bytes: [UInt8], outcome: Outcome) {
        precondition(next > firstPosition, "a segment has one event at least")
        var bytes = block.eventCount > 0 ? endBlock() : []
        let sections = SectionKind.allCases.map { kind in
            let (piece, stored) = Piece.make(of: sectionBytes(kind))
            bytes += stored
            return SegmentFooter.Section(kind: kind.rawValue, piece: piece)
        }
        let footer = SegmentFooter(
            log: log, firstPosition: firstPosition.rawValue, eventCount: Int(next.rawValue - firstPosition.rawValue),
            blockCount: blocks.count, sections: sections)
        let digest = SegmentFormat.digest(footer: footer.bytes)
        bytes += footer.bytes
        bytes.append(UInt32(footer.bytes.count))
        bytes += digest.bytes + SegmentFormat.magic
        byteCount += bytes.count
        return (bytes, Outcome(digest: digest, positions: footer.positions, byteCount: byteCount))
    }

    private func sectionBytes(_ kind: SectionKind) -> [UInt8] {
        switch kind {
        case .blocks: BlockEntry.bytes(of: blocks)
        case .types, .categories, .tags, .correlations, .streams: index.postings(kind).bytes
        }
    }

    private mutating func endBlock() -> [UInt8] {
        let (piece, stored) = Piece.make(of: block.bytes)
        blocks.append(BlockEntry(piece: piece, eventCount: block.eventCount))
        index.endBlock()
        block = BlockBuilder()
        return stored
    }
}
