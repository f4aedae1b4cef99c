import EventSourcing
import EventSourcingTesting
import Testing

@testable import PostgresEventStore

@Suite struct `A group that is handed to another process` {
    private static let appends: [[StreamAppend]] = [
        [StreamAppend(stream: newStream(), expected: .noStream, events: [event(), tagged(["customer:42", "sku:Ä"])])],
        [
            StreamAppend(stream: newStream(), expected: .exact(Revision(rawValue: 41)), events: [event("Größe")]),
            StreamAppend(stream: newStream(), expected: .noStream, events: [tagged(["a:b"])]),
        ],
    ]

    private static func tagged(_ tags: Set<EventTag>) -> NewEvent {
        var event = event()
        event.tags = tags
        return event
    }

    private var group: HandedGroup {
        HandedGroup(
            Self.appends.map { AppendRequest($0, provided: [], deadline: .now) { _ in }.streams })
    }

    @Test func `arrives with all that deciding needs, and with the rows as they were encoded`() throws {
        let arrived = try HandedGroup(group.bytes)
        #expect(arrived.appends.map { $0.map(\.name) } == Self.appends.map { $0.map(\.stream) })
        #expect(arrived.appends.map { $0.map(\.expected) } == Self.appends.map { $0.map(\.expected) })
        let (events, sent) = (arrived.appends.joined().flatMap(\.events), Self.appends.joined().flatMap(\.events))
        #expect(events.map(\.id) == sent.map(\.id))
        #expect(events.map(\.type) == sent.map(\.type))
        #expect(events.map(\.tags) == sent.map(\.tags))
        #expect(arrived.bytes == group.bytes)
    }

    @Test func `is refused when it is cut short anywhere, or goes on behind its end`() {
        let bytes = group.bytes
        for length in 0..<bytes.count {
            #expect(throws: MalformedFrame.self) { try HandedGroup(Array(bytes[..<length])) }
        }
        #expect(throws: MalformedFrame.self) { try HandedGroup(bytes + [0]) }
    }

    @Test func `is refused when it expects a revision beyond what can be counted from`() {
        let append = StreamAppend(
            stream: newStream(), expected: .exact(Revision(rawValue: .max)), events: [event()])
        let group = HandedGroup([AppendRequest([append], provided: [], deadline: .now) { _ in }.streams])
        #expect(throws: MalformedFrame.self) { try HandedGroup(group.bytes) }
    }

    @Test func `does no harm when its bytes are others`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        for _ in 0..<2_000 {
            var bytes = group.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            }
            guard let arrived = try? HandedGroup(bytes) else { continue }
            #expect(arrived.bytes == bytes, "seed \(seed): what is read is all of it")
        }
    }

    @Test(arguments: ["\nkey:42", "key:42\n", "key\n\n42", "key\nkey", "z\na", "key\r\n"])
    func `is refused when tags are not written the one way they are stored`(_ text: String) throws {
        let group = HandedGroup([
            AppendRequest(
                [
                    StreamAppend(
                        stream: newStream(), expected: .noStream, events: [Self.tagged([EventTag("t", "1234")])])
                ],
                provided: [], deadline: .now
            ) { _ in }.streams
        ])
        var bytes = group.bytes
        let sent = Array("t:1234".utf8)
        let start = try #require(bytes.firstRange(of: sent)).lowerBound
        bytes.replaceSubrange(start..<start + sent.count, with: Array(text.utf8))
        bytes[start - 1] = UInt8(text.utf8.count)
        #expect(throws: MalformedFrame.self) { try HandedGroup(bytes) }
    }

    @Test func `is answered append by append`() throws {
        let place = HandedAnswers.Place(revision: Revision(rawValue: 7), position: Position(rawValue: 1 << 40))
        let answers: [HandedAnswers.Answer] = [
            .written(isRepeat: false, [place, place]), .notWritten, .written(isRepeat: true, [place]), .unknown,
        ]
        let bytes = HandedAnswers(answers).bytes
        #expect(try HandedAnswers(bytes).answers == answers)
        for length in 0..<bytes.count {
            #expect(throws: MalformedFrame.self) { try HandedAnswers(Array(bytes[..<length])) }
        }
        #expect(throws: MalformedFrame.self) { try HandedAnswers([0, 0, 0, 1, 9]) }
    }
}
