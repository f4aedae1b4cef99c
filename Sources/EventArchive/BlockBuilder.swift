internal import EventSourcing
internal import FoundationEssentials

/// Gathers the events of one block, column by column.
struct BlockBuilder {
    /// Bytes of a block's counts, which come first.
    static let countsByteCount = 7 * 4

    /// Bytes of an event in the columns that have the same width for all.
    static let rowByteCount = 3 * 16 + 2 * 8 + 2 * 4 + 3 * 2

    private(set) var eventCount = 0
    private var ids: [UInt8] = []
    private var correlationIDs: [UInt8] = []
    private var causationIDs: [UInt8] = []
    private var times: [UInt8] = []
    private var revisions: [UInt8] = []
    private var metadataLengths: [UInt8] = []
    private var payloadLengths: [UInt8] = []
    private var streamIndices: [UInt8] = []
    private var kindIndices: [UInt8] = []
    private var tagSetIndices: [UInt8] = []
    private var streams = FirstUse<StreamName>()
    private var kinds = FirstUse<EventKind>()
    private var tagSets = FirstUse<ExactText>()
    private var metadata: [UInt8] = []
    private var payloads: [UInt8] = []

    /// What the block comes to, but for its names.
    var byteCount: Int { Self.countsByteCount + eventCount * Self.rowByteCount + metadata.count + payloads.count }

    mutating func append(_ event: RecordedEvent) {
        eventCount += 1
        append(event.id.rawValue, to: &ids)
        append(event.correlationID.rawValue, to: &correlationIDs)
        append(event.causationID?.rawValue ?? .zero, to: &causationIDs)
        times.append(event.recordedAt.microsecondsSince1970)
        revisions.append(event.revision.rawValue)
        metadataLengths.append(UInt32(event.storedMetadata.count))
        payloadLengths.append(UInt32(event.payload.count))
        streamIndices.append(streams.index(of: event.stream))
        kindIndices.append(kinds.index(of: EventKind(event)))
        tagSetIndices.append(tagSets.index(of: ExactText(event.storedTags)))
        metadata += event.storedMetadata
        payloads += event.payload
    }

    private func append(_ uuid: UUID, to column: inout [UInt8]) {
        withUnsafeBytes(of: uuid.uuid) { column.append(contentsOf: $0) }
    }

    /// The block, unpacked.
    var bytes: [UInt8] {
        let names = streams.values.map(\.rawValue) + kinds.values.map(\.type.rawValue) + tagSets.values.map(\.text)
        let nameByteCount = names.reduce(0) { $0 + $1.utf8.count }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount + nameByteCount + 16 * names.count)
        let counts = [
            eventCount, streams.values.count, kinds.values.count, tagSets.values.count, nameByteCount, metadata.count,
            payloads.count,
        ]
        for count in counts { bytes.append(UInt32(count)) }
        for column in [
            ids, correlationIDs, causationIDs, times, revisions, metadataLengths, payloadLengths, streamIndices,
            kindIndices, tagSetIndices,
        ] { bytes += column }
        for stream in streams.values { bytes.append(UInt32(stream.rawValue.utf8.count)) }
        for kind in kinds.values { bytes.append(UInt32(kind.type.rawValue.utf8.count)) }
        for kind in kinds.values { bytes.append(Int16(kind.schemaVersion)) }
        for kind in kinds.values { bytes.append(kind.contentType.rawValue) }
        for kind in kinds.values { bytes.append(kind.hasCausation ? 1 : 0 as UInt8) }
        for tags in tagSets.values { bytes.append(UInt32(tags.text.utf8.count)) }
        for name in names { bytes += Array(name.utf8) }
        bytes += metadata
        bytes += payloads
        return bytes
    }
}

/// What events of one type have in common.
struct EventKind: Hashable, Sendable {
    let type: EventType
    let schemaVersion: Int
    let contentType: ContentType
    let hasCausation: Bool
}

extension EventKind {
    init(_ event: RecordedEvent) {
        self.init(
            type: event.type, schemaVersion: event.schemaVersion, contentType: event.contentType,
            hasCausation: event.causationID != nil)
    }
}

/// Values in the order of their first use; at most 65,536.
private struct FirstUse<Value: Hashable> {
    private(set) var values: [Value] = []
    private var indices: [Value: UInt16] = [:]

    mutating func index(of value: Value) -> UInt16 {
        if let index = indices[value] { return index }
        let index = UInt16(values.count)
        values.append(value)
        indices[value] = index
        return index
    }
}

extension UUID {
    static let zero = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
