/// In which blocks of a segment there are events with a key: entries of a key's fingerprint and a block, ascending,
/// each pair once. They stay in the bytes of their section.
struct Postings: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        let fingerprint: Fingerprint
        /// The revision of the key's first event in the block; 0 where keys are no streams.
        let firstRevision: Int64
        let block: Int
    }

    let count: Int
    let bytes: [UInt8]
    private let revisions: Int?
    private let blocks: Int

    private static let fingerprints = 4

    /// - Parameter entries: Ascending, each pair once.
    init(_ entries: [Entry], withRevisions: Bool) {
        var bytes: [UInt8] = []
        bytes.append(UInt32(entries.count))
        for entry in entries { bytes.append(entry.fingerprint.rawValue) }
        if withRevisions { for entry in entries { bytes.append(entry.firstRevision) } }
        for entry in entries { bytes.append(UInt16(entry.block)) }
        self.bytes = bytes
        count = entries.count
        revisions = withRevisions ? Self.fingerprints + 8 * count : nil
        blocks = Self.fingerprints + (withRevisions ? 16 : 8) * count
    }

    /// - Returns: `nil` when the bytes are no postings of a segment with so many blocks.
    init?(_ bytes: [UInt8], withRevisions: Bool, blockCount: Int) {
        var reader = ByteReader(bytes)
        guard let count = reader.number(UInt32.self).map(Int.init), reader.skip(8 * count) != nil,
            let revisions = reader.skip(withRevisions ? 8 * count : 0), let blocks = reader.skip(2 * count),
            reader.remaining == 0
        else { return nil }
        self.bytes = bytes
        self.count = count
        self.revisions = withRevisions ? revisions : nil
        self.blocks = blocks
        for index in 0..<count {
            guard block(index) < blockCount else { return nil }
            guard index > 0 else { continue }
            let (before, this) = (fingerprint(index - 1), fingerprint(index))
            guard before < this || before == this && block(index - 1) < block(index) else { return nil }
        }
    }

    private func fingerprint(_ index: Int) -> Fingerprint {
        Fingerprint(rawValue: bytes.number(at: Self.fingerprints + 8 * index))
    }

    private func block(_ index: Int) -> Int { Int(bytes.number(at: blocks + 2 * index, as: UInt16.self)) }

    /// The entries of a key, in the order of the blocks.
    subscript(key: Fingerprint) -> [Entry] {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if fingerprint(middle) < key { low = middle + 1 } else { high = middle }
        }
        var entries: [Entry] = []
        while low < count, fingerprint(low) == key {
            let revision = revisions.map { bytes.number(at: $0 + 8 * low, as: Int64.self) }
            entries.append(Entry(fingerprint: key, firstRevision: revision ?? 0, block: block(low)))
            low += 1
        }
        return entries
    }

    /// The blocks in which there may be events with one of the keys.
    func blocks(of keys: some Sequence<String>) -> Set<Int> {
        Set(keys.flatMap { self[Fingerprint($0)].map(\.block) })
    }
}
