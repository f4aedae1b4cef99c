internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// A group of appends on its way from one process to the one that writes for it. Only appends that the unique index
/// decides are handed over: those that expect exact revisions, and have no conditions.
///
/// Numbers have their most significant byte first, and texts stand behind their lengths.
struct HandedGroup {
    let appends: [[AppendRequest.Stream]]

    init(_ appends: [[AppendRequest.Stream]]) { self.appends = appends }

    private static let noStream: Int64 = -1

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(appends.reduce(16) { $1.reduce($0) { $0 + $1.rows.byteCount + 256 } })
        bytes.append(bigEndian: UInt32(appends.count))
        for streams in appends {
            bytes.append(bigEndian: UInt32(streams.count))
            for stream in streams { Self.append(stream, to: &bytes) }
        }
        return bytes
    }

    private static func append(_ stream: AppendRequest.Stream, to bytes: inout [UInt8]) {
        bytes.append(text: stream.name.rawValue)
        switch stream.expected {
        case .exact(let revision): bytes.append(bigEndian: revision.rawValue)
        case .noStream: bytes.append(bigEndian: noStream)
        case .any, .streamExists: preconditionFailure("only what the index decides is handed over")
        }
        bytes.append(bigEndian: UInt32(stream.events.count))
        for event in stream.events {
            withUnsafeBytes(of: event.id.rawValue.uuid) { bytes.append(contentsOf: $0) }
            bytes.append(text: event.type.rawValue)
            bytes.append(text: event.tags.storedText)
        }
        bytes.append(bigEndian: UInt32(stream.rows.bytes.count))
        bytes.append(contentsOf: stream.rows.bytes)
    }

    init(_ frame: [UInt8]) throws(MalformedFrame) {
        var reader = FrameReader(frame)
        var appends: [[AppendRequest.Stream]] = []
        for _ in 0..<(try reader.count()) {
            var streams: [AppendRequest.Stream] = []
            for _ in 0..<(try reader.count()) { streams.append(try Self.stream(&reader)) }
            appends.append(streams)
        }
        try reader.end()
        self.appends = appends
    }

    private static func stream(_ reader: inout FrameReader) throws(MalformedFrame) -> AppendRequest.Stream {
        let name = StreamName(recorded: try reader.text())
        let revision = try reader.integer(Int64.self)
        // As the limits of appends have it: nothing that is counted from it overflows.
        guard (noStream..<Int64.max / 2).contains(revision) else { throw MalformedFrame() }
        var events: [NewEvent] = []
        for _ in 0..<(try reader.count()) { events.append(try event(&reader)) }
        guard !events.isEmpty, let rows = PostgresRecords(encoded: try reader.bytes(), count: events.count) else {
            throw MalformedFrame()
        }
        return AppendRequest.Stream(
            name: name, expected: revision == noStream ? .noStream : .exact(Revision(rawValue: revision)),
            events: events, rows: rows)
    }

    /// What deciding needs of an event. All of it stands in its row.
    private static func event(_ reader: inout FrameReader) throws(MalformedFrame) -> NewEvent {
        let id = EventID(rawValue: try reader.uuid())
        let type = EventType(recorded: try reader.text())
        let storedTags = try reader.text()
        let tags = Set<EventTag>(storedText: storedTags)
        // What the writer decides by and what the row says are the same only when there is one way to write it.
        guard tags.storedText.isExactly(storedTags) else { throw MalformedFrame() }
        return NewEvent(
            id: id, type: type, payload: [], tags: tags,
            metadata: EventMetadata(correlationID: CorrelationID(rawValue: id.rawValue), actor: ""))
    }
}
