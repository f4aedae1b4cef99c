internal import EventCodec
internal import EventSourcing
internal import HTTPSupport

/// What a follower is sent.
enum FollowFormat: Sendable {
    /// Each event as `id` and `data` (WHATWG HTML, section 9.2); the id is the position, and comes back in
    /// `Last-Event-ID`.
    case serverSentEvents
    /// Each event as a line.
    case ndjson

    init(_ type: MediaType) { self = type == .eventStream ? .serverSentEvents : .ndjson }

    /// What goes before everything else.
    var opening: [UInt8] {
        switch self {
        case .serverSentEvents: Array("retry: 1000\n\n".utf8)
        case .ndjson: []
        }
    }

    func append(_ event: RecordedEvent, to bytes: inout [UInt8]) {
        if case .serverSentEvents = self { bytes += "id: \(event.position)\ndata: ".utf8 }
        var json = JSONWriter(continuing: &bytes)
        event.write(to: &json, isOneLine: true)
        bytes = json.bytes
        bytes += (self == .serverSentEvents ? "\n\n" : "\n").utf8
    }

    /// Says that the connection lives, and how far the follower has come without an event that matches: there is
    /// nothing for it up to `position`.
    func heartbeat(_ position: Position, head: Position) -> [UInt8] {
        switch self {
        // An id without data is no event, and is remembered all the same.
        case .serverSentEvents: Array(": the log is at \(head)\nid: \(position)\n\n".utf8)
        case .ndjson: Array("{\"checkpoint\":\(position),\"head\":\(head)}\n".utf8)
        }
    }
}
