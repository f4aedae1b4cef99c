internal import EventSourcing
internal import Foundation

/// What a writing process is told to append, as one line of JSON.
struct AppendLine: Codable, Sendable {
    struct Event: Codable, Sendable {
        let id: UUID
        let isMarked: Bool
    }

    struct Stream: Codable, Sendable {
        let name: String
        /// The expected revision; -1: no stream; -2: any.
        let expected: Int64
        let events: [Event]
    }

    let number: Int
    let streams: [Stream]

    init(_ number: Int, _ appends: [StreamAppend]) {
        self.number = number
        streams = appends.map { append in
            let expected: Int64 =
                switch append.expected {
                case .exact(let revision): revision.rawValue
                case .noStream: -1
                default: -2
                }
            return Stream(
                name: append.stream.rawValue, expected: expected,
                events: append.events.map { Event(id: $0.id.rawValue, isMarked: $0.type == Soaked.marked) })
        }
    }

    var appends: [StreamAppend] {
        streams.map { stream in
            let expected: ExpectedRevision =
                switch stream.expected {
                case -1: .noStream
                case -2: .any
                default: .exact(Revision(rawValue: stream.expected))
                }
            return StreamAppend(
                stream: StreamName(recorded: stream.name), expected: expected,
                events: stream.events.map { Soaked.event(EventID(rawValue: $0.id), isMarked: $0.isMarked) })
        }
    }
}

/// What a writing process answers, as one line of JSON.
struct ReceiptLine: Codable, Sendable {
    struct Stream: Codable, Sendable {
        let name: String
        let revision: Int64
        let position: Int64
    }

    let number: Int
    var streams: [Stream] = []
    var isRepeat = false
    /// Whether the process writes for others now.
    let isLeading: Bool
    /// How many of its appends another process has written so far.
    let handedOver: Int
    /// The code of the error, and its message.
    var error: [String]?

    init(_ number: Int, _ result: Result<AppendReceipt, EventStoreError>, isLeading: Bool, handedOver: Int) {
        self.number = number
        self.isLeading = isLeading
        self.handedOver = handedOver
        switch result {
        case .success(let receipt):
            isRepeat = receipt.isRepeat
            streams = receipt.streams.map {
                Stream(name: $0.stream.rawValue, revision: $0.revision.rawValue, position: $0.position.rawValue)
            }
        case .failure(let failure): error = [failure.code.description, failure.message]
        }
    }

    var result: Result<AppendReceipt, EventStoreError> {
        if let error { return .failure(EventStoreError(Self.code(error[0]), error[1])) }
        let places = streams.map { stream in
            AppendReceipt.Stream(
                stream: StreamName(recorded: stream.name), revision: Revision(rawValue: stream.revision),
                position: Position(rawValue: stream.position))
        }
        return .success(AppendReceipt(streams: places, isRepeat: isRepeat))
    }

    private static func code(_ name: String) -> EventStoreError.Code {
        let codes: [EventStoreError.Code] = [
            .conflict, .invalidAppend, .overloaded, .unavailable, .incompatibleSchema, .closed,
        ]
        return codes.first { $0.description == name } ?? .invalidAppend
    }
}

/// What can be told of a line that is no whole answer.
struct NumberedLine: Decodable, Sendable {
    let number: Int
}
