/// A run of bytes that was compressed by itself: how long it is, and the digest of what is stored.
struct Piece: Hashable, Sendable {
    let storedCount: Int
    let unpackedCount: Int
    let digest: Digest

    /// Bytes of a piece's lengths and digest.
    static let byteCount = 2 * 4 + Digest.byteCount

    /// Compresses `bytes`.
    static func make(of bytes: [UInt8]) -> (piece: Piece, stored: [UInt8]) {
        let stored = LZ4.compress(bytes)
        let digest = stored.withUnsafeBytes { Digest(of: $0) }
        return (Piece(storedCount: stored.count, unpackedCount: bytes.count, digest: digest), stored)
    }

    /// - Returns: `nil` when the bytes are not those that were stored.
    func unpack(_ stored: [UInt8]) -> [UInt8]? {
        stored.withUnsafeBytes { stored in
            guard stored.count == storedCount, Digest(of: stored) == digest else { return nil }
            return LZ4.decompress(stored, to: unpackedCount)
        }
    }
}

extension [UInt8] {
    mutating func appendLengths(of piece: Piece) {
        append(UInt32(piece.storedCount))
        append(UInt32(piece.unpackedCount))
    }
}

/// One block of a segment, as the section of blocks names it.
struct BlockEntry: Hashable, Sendable {
    let piece: Piece
    let eventCount: Int

    static let byteCount = Piece.byteCount + 4

    static func bytes(of entries: [BlockEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes.appendLengths(of: entry.piece)
            bytes.append(UInt32(entry.eventCount))
            bytes += entry.piece.digest.bytes
        }
        return bytes
    }

    /// - Returns: `nil` when the bytes do not name `count` blocks, or one of them is empty.
    static func entries(_ bytes: [UInt8], count: Int) -> [BlockEntry]? {
        guard bytes.count == count * byteCount else { return nil }
        var reader = ByteReader(bytes)
        let entries = (0..<count).compactMap { _ -> BlockEntry? in
            guard let stored = reader.number(UInt32.self), let unpacked = reader.number(UInt32.self),
                let eventCount = reader.number(UInt32.self), eventCount > 0,
                let digest = reader.bytes(Digest.byteCount).flatMap({ Digest($0) })
            else { return nil }
            return BlockEntry(
                piece: Piece(storedCount: Int(stored), unpackedCount: Int(unpacked), digest: digest),
                eventCount: Int(eventCount))
        }
        return entries.count == count ? entries : nil
    }
}
