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
        if case .exact(let revision) = stream.expected {
            bytes.append(bigEndian: revision.rawValue)
        } else {
            bytes.append(bigEndian: noStream)
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
        guard revision >= noStream else { throw MalformedFrame() }
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
        let type = EventType(rawValue: try reader.text())
        let tags = Set<EventTag>(storedText: try reader.text())
        return NewEvent(
            id: id, type: type, payload: [], tags: tags,
            metadata: EventMetadata(correlationID: CorrelationID(rawValue: id.rawValue), actor: ""))
    }
}

/// What became of the appends of a handed group, in their order.
struct HandedAnswers {
    enum Answer: Equatable {
        /// The last revision and position in each of the append's streams.
        case written(isRepeat: Bool, [Place])
        /// Nothing was written, for whatever reason: whoever has handed it over is to find out.
        case notWritten
        case unknown
    }

    struct Place: Equatable {
        let revision: Revision
        let position: Position
    }

    let answers: [Answer]

    init(_ answers: [Answer]) { self.answers = answers }

    private enum Kind: UInt8 {
        case written, repeated, notWritten, unknown
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt32(answers.count))
        for answer in answers {
            switch answer {
            case .written(let isRepeat, let places):
                bytes.append((isRepeat ? Kind.repeated : .written).rawValue)
                bytes.append(bigEndian: UInt32(places.count))
                for place in places {
                    bytes.append(bigEndian: place.revision.rawValue)
                    bytes.append(bigEndian: place.position.rawValue)
                }
            case .notWritten: bytes.append(Kind.notWritten.rawValue)
            case .unknown: bytes.append(Kind.unknown.rawValue)
            }
        }
        return bytes
    }

    init(_ frame: [UInt8]) throws(MalformedFrame) {
        var reader = FrameReader(frame)
        var answers: [Answer] = []
        for _ in 0..<(try reader.count()) { answers.append(try Self.answer(&reader)) }
        try reader.end()
        self.answers = answers
    }

    private static func answer(_ reader: inout FrameReader) throws(MalformedFrame) -> Answer {
        guard let kind = Kind(rawValue: try reader.integer(UInt8.self)) else { throw MalformedFrame() }
        switch kind {
        case .notWritten: return .notWritten
        case .unknown: return .unknown
        case .written, .repeated:
            var places: [Place] = []
            for _ in 0..<(try reader.count()) {
                let revision = Revision(rawValue: try reader.integer(Int64.self))
                places.append(Place(revision: revision, position: Position(rawValue: try reader.integer(Int64.self))))
            }
            return .written(isRepeat: kind == .repeated, places)
        }
    }
}
