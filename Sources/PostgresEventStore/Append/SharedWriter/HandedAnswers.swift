internal import EventSourcing
internal import PostgresClient

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
