import EventSourcing
import FoundationEssentials
import Testing

@Suite struct `Identifiers` {
    /// RFC 9562 §4.1 and §4.2: four bits of version, and the variant `10`.
    @Test func `that are made are UUIDs of version 7`() {
        for _ in 0..<100 {
            let uuid = EventID.make().rawValue.uuid
            #expect(uuid.6 >> 4 == 7)
            #expect(uuid.8 >> 6 == 0b10)
        }
    }

    @Test func `that are derived are UUIDs of version 8`() {
        for number in 0..<100 {
            let uuid = EventID.derived(from: String(number)).rawValue.uuid
            #expect(uuid.6 >> 4 == 8)
            #expect(uuid.8 >> 6 == 0b10)
        }
    }

    @Test func `begin with the milliseconds at which they were made`() {
        let before = Timestamp.now.microsecondsSince1970 / 1_000
        let uuid = EventID.make().rawValue.uuid
        let after = Timestamp.now.microsecondsSince1970 / 1_000
        let bytes = [uuid.0, uuid.1, uuid.2, uuid.3, uuid.4, uuid.5]
        #expect((before...after).contains(bytes.reduce(0) { $0 << 8 | Int64($1) }))
    }

    @Test func `that are made later sort later`() async throws {
        let earlier = EventID.make()
        let made = Timestamp.now.microsecondsSince1970 / 1_000
        while Timestamp.now.microsecondsSince1970 / 1_000 == made { await Task.yield() }
        #expect(earlier.description < EventID.make().description)
    }

    @Test func `that are made microseconds apart sort later, too`() {
        let earlier = EventID.make()
        let made = Timestamp.now.microsecondsSince1970
        while Timestamp.now.microsecondsSince1970 == made {}
        #expect(earlier.description < EventID.make().description)
    }

    /// What follows the time is random: the last 17 characters, but for two bits.
    @Test func `are never the same twice, and differ in more than their times, when many tasks make them at once`()
        async
    {
        let ids = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { (0..<2_000).map { _ in EventID.make().description } } }
            return await group.reduce([], +)
        }
        #expect(Set(ids).count == 16_000)
        #expect(Set(ids.map { $0.suffix(17) }).count == 16_000)
    }

    /// The first 16 bytes of SHA-256 over each part behind its length in 8 bytes, with the bits of version and variant;
    /// computed by another program.
    @Test func `are derived the same for ever`() {
        #expect(EventID.derived(from: "order").description == "193c6946-bbf9-8390-90f2-74b5bfb5ef55")
        #expect(EventID.derived(from: "trip", "42", "").description == "8e7eb7c3-0bb4-8d57-9414-797f2fd82d6a")
        #expect(EventID.derived(from: "é").description == "1d9b2f68-e31e-82b6-b30c-67d7729ca6a5")
    }

    @Test func `are derived from their parts and not from the parts' sum`() {
        let ids = [
            EventID.derived(from: "ab", "c"), .derived(from: "a", "bc"), .derived(from: "abc"),
            .derived(from: "", "abc"),
            .derived(from: "abc", ""), .derived(),
        ]
        #expect(Set(ids).count == ids.count)
    }

    @Test func `of a command's events tell the streams and the events apart`() {
        let command = CommandID.derived(from: "c")
        let streams = [StreamName(recorded: "a-1"), StreamName(recorded: "a-2")]
        let ids = streams.flatMap { stream in (0..<3).map { command.eventID($0, in: stream) } }
        #expect(Set(ids).count == 6)
        #expect(command.eventID(0, in: streams[0]) == ids[0])
    }

    @Test(arguments: ["01020304-0506-7708-890A-0B0C0D0E0F10", "01020304-0506-7708-890a-0b0c0d0e0f10"])
    func `are read in either case and written in lower case`(_ text: String) {
        #expect(EventID(text)?.description == "01020304-0506-7708-890a-0b0c0d0e0f10")
    }

    @Test(arguments: ["", "1", "01020304-0506-7708-890a-0b0c0d0e0f1", "01020304-0506-7708-890a-0b0c0d0e0f1g"])
    func `are not read from other text`(_ text: String) {
        #expect(EventID(text) == nil)
    }
}

@Suite struct `Names of streams` {
    @Test(arguments: [
        ("order-10248", "order", "10248"), ("saga-order-fulfilment:1", "saga", "order-fulfilment:1"),
        ("order", "order", ""), ("order-", "order", ""), ("-1", "", "1"),
        ("stock-TÉ@rotterdam", "stock", "TÉ@rotterdam"),
    ])
    func `have a category and an id`(_ name: String, _ category: String, _ id: String) {
        #expect(StreamName(rawValue: name)?.category == category)
        #expect(StreamName(rawValue: name)?.id == id)
    }

    @Test func `are put together from both`() {
        #expect(StreamCategory("order").stream("10-248").rawValue == "order-10-248")
    }

    @Test(arguments: ["a", String(repeating: "a", count: 512), String(repeating: "é", count: 256), "a b", "日本-1"])
    func `can be long, and in any script`(_ name: String) {
        #expect(StreamName(rawValue: name)?.rawValue == name)
    }

    @Test(arguments: [
        "", String(repeating: "a", count: 513), String(repeating: "é", count: 257), "a\n", "a\u{0}", "\u{7f}",
        "a\u{1f}b",
    ])
    func `are neither empty nor too long, and hold no control characters`(_ name: String) {
        #expect(StreamName(rawValue: name) == nil)
    }
}

@Suite struct `Text that names something` {
    private struct Kind: Sendable, CustomStringConvertible {
        let description: String
        /// What is taken from outside, as text again.
        let read: @Sendable (String) -> String?
        /// The same of text that was recorded.
        let recorded: @Sendable (String) -> String
        let valid: [String]
        /// Besides ``controls``.
        let invalid: [String]
    }

    /// None of which is anything's name.
    private static let controls = ["a\u{0}", "\n", "a\u{1f}b", "a\u{7f}"]

    /// What is words of lowercase letters and digits with hyphens between them, and what is not.
    private static let plain = ["a", "a1", "trip", "order-refund", "a-1-b2", text("a", 44)]
    private static let notPlain = [
        "", "-", "1", "1a", "-a", "a-", "a--b", "A", "Sales", "a:b", "a_b", "a b", "a.b", "é", "a\u{301}",
        text("a", 45),
    ]

    private static let kinds: [Kind] = [
        Kind(
            description: "a stream", read: { StreamName(rawValue: $0)?.rawValue },
            recorded: { StreamName(recorded: $0).rawValue },
            valid: ["order-1", "order", "-", "a b", "é", text("a", 512), text("é", 256)],
            invalid: ["", text("a", 513), text("é", 257)]),
        Kind(
            description: "a category", read: { StreamCategory(rawValue: $0)?.rawValue },
            recorded: { StreamCategory(recorded: $0).rawValue },
            valid: ["order", "Order", "a b", "a:b", "é", text("a", 512)],
            invalid: ["", "-", "order-", "order-1", "a-\u{301}", text("a", 513)]),
        Kind(
            description: "a log", read: { LogName(rawValue: $0)?.rawValue },
            recorded: { LogName(recorded: $0).rawValue },
            valid: ["main", "a", "log-1", "log_1", "a-", text("a", 48)],
            invalid: ["", "1", "-a", "_a", "A", "a:b", "a b", "é", text("a", 49)]),
        Kind(
            description: "a tag", read: { EventTag(rawValue: $0)?.rawValue },
            recorded: { EventTag(recorded: $0).rawValue },
            valid: ["customer:42", "a", ":", "a b", "é", text("a", 256), text("é", 128)],
            invalid: ["", text("a", 257), text("é", 129)]),
        Kind(
            description: "a type of events", read: { EventType(rawValue: $0)?.rawValue },
            recorded: { EventType(recorded: $0).rawValue },
            valid: ["OrderPlaced", "placed", "a:b", "a b", "é", text("a", 128), text("é", 64)],
            invalid: ["", text("a", 129), text("é", 65)]),
        Kind(
            description: "a projection", read: { ProjectionName(rawValue: $0)?.rawValue },
            recorded: { ProjectionName(recorded: $0).rawValue }, valid: plain, invalid: notPlain),
        Kind(
            description: "a saga", read: { SagaName(rawValue: $0)?.rawValue },
            recorded: { SagaName(recorded: $0).rawValue }, valid: plain, invalid: notPlain),
    ]

    private static func text(_ character: String, _ count: Int) -> String { String(repeating: character, count: count) }

    @Test(arguments: kinds)
    private func `is taken from outside when it is valid, as it is`(_ kind: Kind) {
        for text in kind.valid { #expect(kind.read(text).map { Array($0.utf8) } == Array(text.utf8), "\(text)") }
    }

    @Test(arguments: kinds)
    private func `is not taken from outside when it is not`(_ kind: Kind) {
        for text in kind.invalid + Self.controls { #expect(kind.read(text) == nil, "\(text)") }
    }

    @Test(arguments: kinds)
    private func `is taken as it was recorded`(_ kind: Kind) {
        for text in kind.valid + kind.invalid + Self.controls {
            #expect(Array(kind.recorded(text).utf8) == Array(text.utf8), "\(text)")
        }
    }

    @Test func `is written as a literal`() {
        let (stream, category, log) = ("order-1" as StreamName, "order" as StreamCategory, "main" as LogName)
        let (tag, type) = ("customer:42" as EventTag, "OrderPlaced" as EventType)
        let (projection, saga) = ("order-summary" as ProjectionName, "order-refund" as SagaName)
        #expect(stream == category.stream("1") && stream.category == "order" && log == .main)
        #expect(tag == EventTag("customer", "42") && type.rawValue == "OrderPlaced")
        #expect(projection.rawValue == "order-summary" && saga.rawValue == "order-refund")
    }

    @Test func `is put together from anything, and refused by the store`() {
        #expect(StreamCategory("order").stream("\n").rawValue == "order-\n")
        #expect(StreamName(category: "order", id: "").rawValue == "order-")
        #expect(EventTag("customer", "\n").rawValue == "customer:\n")
    }
}
