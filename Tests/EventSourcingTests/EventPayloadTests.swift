import EventSourcing
import Testing

private enum Note: EventPayload, Codable, Hashable {
    case opened
    case written(text: String, at: Int?)
    case shared([String])
    case rated(Double, by: Author)

    struct Author: Codable, Hashable {
        var name: String
        var isGuest = false
    }
}

/// Describes itself to people.
private enum Seat: EventPayload, Codable, Hashable, CustomStringConvertible {
    case freed
    case taken(by: String)
    var description: String { "a seat" }
}

/// Has raw values, and describes itself to people.
private enum Light: String, EventPayload, Codable, Hashable, CustomStringConvertible {
    case switchedOn, switchedOff
    var description: String { "a light" }
}

private struct Ping: EventPayload, Codable, Hashable {
    var count: Int
}

/// Has the fields of a ping, and is none.
private struct Pong: EventPayload, Codable, Hashable {
    var count: Int
}

/// Is of a type that it names itself.
private struct Renamed: EventPayload, Codable, Hashable {
    var count: Int
    var eventType: EventType { "renamed" }
}

private struct Reading: EventPayload, Codable, Hashable {
    var degrees: Double
    var places: [String: Int] = [:]
}

/// Says which types it can read, as generated code does.
private enum Known: EventPayload, Codable, Hashable {
    case greeted(String)
    static let eventTypes: [EventType]? = ["greeted"]
}

private enum AlsoKnown: EventPayload, Codable, Hashable {
    case waved(Int)
    static let eventTypes: [EventType]? = ["waved"]
}

@Suite struct `A Codable event` {
    @Test(arguments: [
        Note.opened, .written(text: "a \"quoted\" / slashed\nline, 日本", at: 1), .written(text: "", at: nil),
        .shared([]),
        .shared(["a", "b"]), .rated(0.1, by: .init(name: "Ada", isGuest: true)),
    ])
    private func `is read as it was written`(_ note: Note) throws {
        let event = try NewEvent(note, metadata: metadata)
        #expect(try Note(type: event.type, schemaVersion: event.schemaVersion, payload: event.payload[...]) == note)
    }

    @Test(
        arguments: [
            (.opened, "opened"), (.written(text: "", at: nil), "written"), (.shared([]), "shared"),
        ] as [(Note, EventType)])
    private func `is of the type that its case is named`(_ note: Note, _ type: EventType) {
        #expect(note.eventType == type)
        #expect(note.schemaVersion == 1)
    }

    @Test func `is of the type that its case is named, whatever it describes itself as`() {
        #expect(Seat.freed.eventType == "freed")
        #expect(Seat.taken(by: "ann").eventType == "taken")
        #expect(Light.switchedOn.eventType == "switchedOn")
    }

    @Test func `is no event of another type that has its fields`() throws {
        let error = #expect(throws: EventCodingError.self) {
            try Pong(type: "Ping", schemaVersion: 1, payload: Array(#"{"count":3}"#.utf8)[...])
        }
        #expect(error?.reason == "it is not an event of Pong")
        let renamed = try NewEvent(Renamed(count: 3), metadata: metadata)
        #expect(renamed.type == "renamed")
        #expect(try Renamed(type: "renamed", schemaVersion: 1, payload: renamed.payload[...]) == Renamed(count: 3))
    }

    @Test func `with a number that JSON does not have is not written`() {
        let error = #expect(throws: EventCodingError.self) {
            try NewEvent(Reading(degrees: .nan), metadata: metadata)
        }
        #expect(error?.reason == "field 'degrees' is a value that JSON does not have")
    }

    @Test func `that is a structure is of the type that it is named`() throws {
        let event = try NewEvent(Ping(count: 3), metadata: metadata)
        #expect(event.type == "Ping")
        #expect(String(decoding: event.payload, as: UTF8.self) == #"{"count":3}"#)
    }

    @Test func `is read from the middle of a buffer`() throws {
        let bytes = Array(#"xx{"count":3}yy"#.utf8)
        #expect(try Ping(type: "Ping", schemaVersion: 1, payload: bytes[2..<13]) == Ping(count: 3))
    }

    @Test(arguments: [
        (#"{}"#, "count"), (#"{"count":"secret"}"#, "count"), (#"{"count":null}"#, "count"), ("secret", ""), ("", ""),
    ])
    func `that is malformed says where, and quotes nothing`(_ json: String, _ field: String) {
        do throws(EventCodingError) {
            _ = try Ping(type: "Ping", schemaVersion: 1, payload: Array(json.utf8)[...])
            Issue.record("it was read")
        } catch {
            #expect(error.type == "Ping")
            #expect(error.description.contains(field))
            #expect(!error.description.contains("secret"))
        }
    }

    @Test(arguments: [
        (#"{"degrees":1,"places":{"ann@example.org":"x"}}"#, "field 'places.…' is not a Int"),
        (#"{"degrees":1,"places":{"delft":"x"}}"#, "field 'places.delft' is not a Int"),
        (#"{"places":{}}"#, "field 'degrees' is missing"), ("[]", "it is not a "),
    ])
    func `that is malformed names fields, and no keys of others`(_ json: String, _ reason: String) {
        let error = #expect(throws: EventCodingError.self) {
            try Reading(type: "Reading", schemaVersion: 1, payload: Array(json.utf8)[...])
        }
        #expect(error?.reason.hasPrefix(reason) == true, "\(error?.reason ?? "")")
    }

    private var metadata: EventMetadata { EventMetadata(correlationID: .make(), actor: "test") }
}

@Suite struct `Events of either of two kinds` {
    private typealias Both = Either<Known, AlsoKnown>

    @Test func `are read as the kind that knows their type`() throws {
        if case .second = try read(Known.greeted("Ada")) { Issue.record("it is of the first kind") }
        if case .first = try read(AlsoKnown.waved(2)) { Issue.record("it is of the second kind") }
    }

    @Test func `are read as the kind that does not know their type, when the other says what it knows`() throws {
        let ping = try NewEvent(Ping(count: 3), metadata: EventMetadata(correlationID: .make(), actor: "test"))
        let first = try Either<Ping, Known>(type: ping.type, schemaVersion: 1, payload: ping.payload[...])
        if case .second = first { Issue.record("it is of the first kind") }
        let second = try Either<Known, Ping>(type: ping.type, schemaVersion: 1, payload: ping.payload[...])
        if case .first = second { Issue.record("it is of the second kind") }
    }

    @Test func `are read as the kind that can read them, when neither says what it knows`() throws {
        let pong = try NewEvent(Pong(count: 3), metadata: EventMetadata(correlationID: .make(), actor: "test"))
        let second = try Either<Ping, Pong>(type: pong.type, schemaVersion: 1, payload: pong.payload[...])
        if case .first = second { Issue.record("it is of the second kind") }
        let first = try Either<Pong, Ping>(type: pong.type, schemaVersion: 1, payload: pong.payload[...])
        if case .second = first { Issue.record("it is of the first kind") }
    }

    @Test func `are of the types of both`() {
        #expect(Both.eventTypes == ["greeted", "waved"])
        #expect(Either<Known, Ping>.eventTypes == nil, "nobody can say which types they are")
    }

    @Test func `are filtered by the types of both`() {
        #expect(EventFilter.events(of: Both.self).types == ["greeted", "waved"])
        #expect(EventFilter.events(of: Either<Known, Ping>.self).types == nil)
    }

    private func read(_ payload: some EventPayload) throws -> Both {
        let event = try NewEvent(payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
        return try Both(type: event.type, schemaVersion: 1, payload: event.payload[...])
    }
}

@Suite struct `An event's metadata` {
    @Test(arguments: [
        EventMetadata(correlationID: .derived(from: "a"), actor: "ada"),
        EventMetadata(
            correlationID: .derived(from: "a"), causationID: .derived(from: "b"), commandID: .derived(from: "c"),
            commandFingerprint: "f", actor: "\"\\ \n\u{1} 日本", reason: "", traceContext: "00-1-2-01"),
    ])
    func `is kept`(_ metadata: EventMetadata) {
        let event = NewEvent(type: "Happened", payload: [], metadata: metadata)
        let recorded = RecordedEvent(
            event, position: Position(rawValue: 1), stream: StreamName(recorded: "a-1"), revision: .first,
            recordedAt: .now)
        #expect(recorded.metadata == metadata)
    }
}
