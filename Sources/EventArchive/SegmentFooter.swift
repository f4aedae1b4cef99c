package import EventSourcing

/// What a segment says about itself.
package struct SegmentFooter: Hashable, Sendable {
    struct Section: Hashable, Sendable {
        let kind: UInt16
        let piece: Piece
    }

    package let log: SegmentLog
    package let firstPosition: Int64
    package let eventCount: Int
    let blockCount: Int
    let sections: [Section]

    package var positions: ClosedRange<Int64> { firstPosition...firstPosition + Int64(eventCount) - 1 }

    func section(_ kind: SectionKind) -> Piece? { sections.first { $0.kind == kind.rawValue }?.piece }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt32(bitPattern: log.id))
        bytes.append(UInt16(log.name.rawValue.utf8.count))
        bytes += Array(log.name.rawValue.utf8)
        bytes.append(firstPosition)
        bytes.append(UInt32(eventCount))
        bytes.append(UInt32(blockCount))
        bytes.append(UInt16(sections.count))
        for section in sections {
            bytes.append(section.kind)
            bytes.appendLengths(of: section.piece)
            bytes += section.piece.digest.bytes
        }
        return bytes
    }

    init(log: SegmentLog, firstPosition: Int64, eventCount: Int, blockCount: Int, sections: [Section]) {
        self.log = log
        self.firstPosition = firstPosition
        self.eventCount = eventCount
        self.blockCount = blockCount
        self.sections = sections
    }

    /// - Returns: `nil` when the bytes are no footer, or what it says cannot be.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let logID = reader.number(UInt32.self), let nameCount = reader.number(UInt16.self),
            let name = reader.bytes(Int(nameCount)).flatMap({ LogName(rawValue: String(decoding: $0, as: UTF8.self)) }),
            let firstPosition = reader.number(Int64.self),
            let eventCount = reader.number(UInt32.self), let blockCount = reader.number(UInt32.self),
            let sectionCount = reader.number(UInt16.self)
        else { return nil }
        log = SegmentLog(id: Int32(bitPattern: logID), name: name)
        self.firstPosition = firstPosition
        self.eventCount = Int(eventCount)
        self.blockCount = Int(blockCount)
        sections = (0..<sectionCount).compactMap { _ in
            guard let kind = reader.number(UInt16.self), let stored = reader.number(UInt32.self),
                let unpacked = reader.number(UInt32.self),
                let digest = reader.bytes(Digest.byteCount).flatMap({ Digest($0) })
            else { return nil }
            return Section(
                kind: kind, piece: Piece(storedCount: Int(stored), unpackedCount: Int(unpacked), digest: digest))
        }
        guard sections.count == Int(sectionCount), reader.remaining == 0,
            (1...Int64.max - Int64(SegmentFormat.eventsMax)).contains(firstPosition),
            (1...SegmentFormat.eventsMax).contains(self.eventCount), (1...self.eventCount).contains(self.blockCount),
            SectionKind.allCases.allSatisfy({ kind in sections.filter { $0.kind == kind.rawValue }.count == 1 })
        else { return nil }
    }
}

/// Which log a segment belongs to.
package struct SegmentLog: Hashable, Sendable {
    /// Its id in the database.
    package let id: Int32
    package let name: LogName

    package init(id: Int32, name: LogName) {
        self.id = id
        self.name = name
    }
}

/// The frame of a segment file.
package enum SegmentFormat {
    /// How many positions a segment holds.
    package static let eventsMax = 65_536

    /// `STRATAS`, then the version of the format.
    static let magic: [UInt8] = Array("STRATAS".utf8) + [1]

    /// The footer's length, the segment's digest, and the magic again.
    static let tailByteCount = 4 + Digest.byteCount + 8

    /// A block ends with the event that brings it to so many bytes, before they are compressed.
    static let blockByteCount = 256 << 10

    /// What the segment is known by: whoever has it can check every byte of the file.
    static func digest(footer: [UInt8]) -> Digest {
        var count: [UInt8] = []
        count.append(UInt32(footer.count))
        return magic.withUnsafeBytes { magic in
            footer.withUnsafeBytes { footer in count.withUnsafeBytes { Digest(of: magic, footer, $0) } }
        }
    }
}
