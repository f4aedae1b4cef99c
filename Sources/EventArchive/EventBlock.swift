package import EventSourcing
internal import FoundationEssentials

/// The events of one block, unpacked. All that was read from the file has been checked when there is a value.
///
/// Names are made into strings once for a block; payloads and metadata are slices of the block.
package final class EventBlock: Sendable {
    package let log: LogName
    package let first: Position
    package let count: Int
    let bytes: [UInt8]
    let streams: [StreamName]
    let kinds: [EventKind]
    let tagSets: [String]
    private let layout: BlockLayout

    /// - Returns: `nil` when the bytes are no block of `eventCount` events.
    init?(_ bytes: [UInt8], of log: LogName, first: Position, eventCount: Int) {
        guard let layout = BlockLayout(bytes, eventCount: eventCount), let names = BlockNames(bytes, layout) else {
            return nil
        }
        self.log = log
        self.first = first
        self.bytes = bytes
        self.layout = layout
        count = eventCount
        streams = names.streams
        kinds = names.kinds
        tagSets = names.tagSets
    }

    package var last: Position { first.advanced(by: count - 1) }

    /// The rows of the events that are within `positions`.
    func rows(within positions: ClosedRange<Int64>) -> Range<Int> {
        let lower = max(0, positions.lowerBound - first.rawValue)
        let upper = min(Int64(count), positions.upperBound - first.rawValue + 1)
        return lower < upper ? Int(lower)..<Int(upper) : 0..<0
    }

    @inline(__always) func streamIndex(_ row: Int) -> Int {
        Int(bytes.number(at: layout.streams + 2 * row, as: UInt16.self))
    }
    @inline(__always) func kindIndex(_ row: Int) -> Int {
        Int(bytes.number(at: layout.kinds + 2 * row, as: UInt16.self))
    }
    @inline(__always) func tagSetIndex(_ row: Int) -> Int {
        Int(bytes.number(at: layout.tagSets + 2 * row, as: UInt16.self))
    }

    func revision(_ row: Int) -> Revision { Revision(rawValue: bytes.number(at: layout.revisions + 8 * row)) }
    func correlationID(_ row: Int) -> CorrelationID { CorrelationID(rawValue: uuid(layout.correlationIDs, row)) }

    package func event(_ row: Int) -> RecordedEvent {
        let kind = kinds[kindIndex(row)]
        let end = layout.ends[row]
        let start = row == 0 ? (metadata: layout.metadata, payload: layout.payloads) : layout.ends[row - 1]
        return RecordedEvent(
            log: log,
            position: first.advanced(by: row),
            stream: streams[streamIndex(row)],
            revision: revision(row),
            id: EventID(rawValue: uuid(layout.ids, row)),
            type: kind.type,
            schemaVersion: kind.schemaVersion,
            contentType: kind.contentType,
            recordedAt: Timestamp(microsecondsSince1970: bytes.number(at: layout.times + 8 * row)),
            correlationID: correlationID(row),
            causationID: kind.hasCausation ? CausationID(rawValue: uuid(layout.causationIDs, row)) : nil,
            payload: bytes[start.payload..<end.payload],
            storedMetadata: bytes[start.metadata..<end.metadata],
            storedTags: tagSets[tagSetIndex(row)])
    }

    /// `UUID(uuid:)` takes its sixteen bytes one by one, which shows at millions of events a second.
    @inline(__always)
    private func uuid(_ column: Int, _ row: Int) -> UUID {
        bytes.withUnsafeBytes {
            unsafeBitCast($0.loadUnaligned(fromByteOffset: column + 16 * row, as: (UInt64, UInt64).self), to: UUID.self)
        }
    }
}

/// Where the columns of a block begin, and where each event's metadata and payload end.
private struct BlockLayout {
    let eventCount: Int
    let streamCount: Int
    let kindCount: Int
    let tagSetCount: Int
    let ids: Int
    let correlationIDs: Int
    let causationIDs: Int
    let times: Int
    let revisions: Int
    let streams: Int
    let kinds: Int
    let tagSets: Int
    let dictionary: Int
    let names: Range<Int>
    let metadata: Int
    let payloads: Int
    let ends: [(metadata: Int, payload: Int)]

    /// - Returns: `nil` when counts, indices or lengths point outside the block, or leave bytes over.
    init?(_ bytes: [UInt8], eventCount: Int) {
        var reader = ByteReader(bytes)
        var counts: [Int] = []
        for _ in 0..<7 {
            guard let count = reader.number(UInt32.self) else { return nil }
            counts.append(Int(count))
        }
        guard counts[0] == eventCount, eventCount > 0, counts[1...3].allSatisfy({ (1...eventCount).contains($0) })
        else { return nil }
        (self.eventCount, streamCount, kindCount, tagSetCount) = (eventCount, counts[1], counts[2], counts[3])
        guard let ids = reader.skip(16 * eventCount), let correlationIDs = reader.skip(16 * eventCount),
            let causationIDs = reader.skip(16 * eventCount), let times = reader.skip(8 * eventCount),
            let revisions = reader.skip(8 * eventCount), let metadataLengths = reader.skip(4 * eventCount),
            let payloadLengths = reader.skip(4 * eventCount), let streams = reader.skip(2 * eventCount),
            let kinds = reader.skip(2 * eventCount), let tagSets = reader.skip(2 * eventCount),
            let dictionary = reader.skip(4 * streamCount + 9 * kindCount + 4 * tagSetCount),
            let names = reader.skip(counts[4]), let metadata = reader.skip(counts[5]),
            let payloads = reader.skip(counts[6]), reader.remaining == 0
        else { return nil }
        (self.ids, self.correlationIDs, self.causationIDs) = (ids, correlationIDs, causationIDs)
        (self.times, self.revisions, self.streams, self.kinds, self.tagSets) = (
            times, revisions, streams, kinds, tagSets
        )
        (self.dictionary, self.names, self.metadata, self.payloads) = (dictionary, names..<metadata, metadata, payloads)
        guard Self.isEach(eventCount, below: streamCount, bytes, streams),
            Self.isEach(eventCount, below: kindCount, bytes, kinds),
            Self.isEach(eventCount, below: tagSetCount, bytes, tagSets)
        else { return nil }
        ends = Self.ends(
            bytes, eventCount, lengths: (metadataLengths, payloadLengths), starts: (metadata, payloads))
        guard let last = ends.last, last.metadata == payloads, last.payload == bytes.count else { return nil }
    }

    private static func isEach(_ count: Int, below limit: Int, _ bytes: [UInt8], _ column: Int) -> Bool {
        var highest: UInt16 = 0
        for row in 0..<count { highest = max(highest, bytes.number(at: column + 2 * row)) }
        return Int(highest) < limit
    }

    /// Lengths are never negative: when the last end is in its place, so are all before it.
    private static func ends(
        _ bytes: [UInt8], _ count: Int, lengths: (metadata: Int, payload: Int), starts: (metadata: Int, payload: Int)
    ) -> [(metadata: Int, payload: Int)] {
        [(metadata: Int, payload: Int)](unsafeUninitializedCapacity: count) { ends, initialized in
            var end = starts
            for row in 0..<count {
                end.metadata += Int(bytes.number(at: lengths.metadata + 4 * row, as: UInt32.self))
                end.payload += Int(bytes.number(at: lengths.payload + 4 * row, as: UInt32.self))
                ends.initializeElement(at: row, to: end)
            }
            initialized = count
        }
    }
}

/// The dictionary of a block.
private struct BlockNames {
    let streams: [StreamName]
    let kinds: [EventKind]
    let tagSets: [String]

    init?(_ bytes: [UInt8], _ layout: BlockLayout) {
        var dictionary = ByteReader(bytes, at: layout.dictionary)
        var names = ByteReader(bytes, at: layout.names.lowerBound)
        func lengths(_ count: Int) -> [Int] {
            (0..<count).compactMap { _ in dictionary.number(UInt32.self).map(Int.init) }
        }
        func name(_ length: Int) -> String? {
            names.bytes(length).map { String(decoding: $0, as: UTF8.self) }
        }
        let streamLengths = lengths(layout.streamCount)
        let typeLengths = lengths(layout.kindCount)
        let versions = (0..<layout.kindCount).compactMap { _ in dictionary.number(Int16.self) }
        let contentTypes = (0..<layout.kindCount).compactMap { _ in
            dictionary.number(Int16.self).flatMap(ContentType.init(rawValue:))
        }
        let causations = (0..<layout.kindCount).compactMap { _ in dictionary.number(UInt8.self) }
        let tagSetLengths = lengths(layout.tagSetCount)
        streams = streamLengths.compactMap { name($0).map(StreamName.init(recorded:)) }
        let types = typeLengths.compactMap { name($0).map(EventType.init(recorded:)) }
        tagSets = tagSetLengths.compactMap(name)
        guard streams.count == layout.streamCount, types.count == layout.kindCount, tagSets.count == layout.tagSetCount,
            names.offset == layout.names.upperBound, contentTypes.count == layout.kindCount,
            causations.allSatisfy({ $0 <= 1 })
        else { return nil }
        kinds = types.indices.map {
            EventKind(
                type: types[$0], schemaVersion: Int(versions[$0]), contentType: contentTypes[$0],
                hasCausation: causations[$0] == 1)
        }
    }
}
