import EventSourcing
import Testing

@Suite struct `The limits of an append` {
    /// Small ones, so that tests are, too.
    private let limits = AppendLimits(
        eventsMax: 4, appendBytesMax: 100, payloadBytesMax: 60, metadataBytesMax: 30, streamsMax: 3, tagsMax: 2,
        conditionsMax: 2)

    private struct Case: Sendable, CustomStringConvertible {
        let name: String
        /// What is in the message of one more.
        let says: String
        /// An append that has so many of what is limited.
        let make: @Sendable (Int) -> ([StreamAppend], [AppendCondition])
        let max: Int

        var description: String { name }
    }

    private static func event(
        bytes: Int = 2, type: String = "Happened", tags: Set<EventTag> = [], actor: String = "a"
    ) -> NewEvent {
        NewEvent(
            type: EventType(recorded: type), contentType: .binary, payload: Array(repeating: 0, count: bytes),
            tags: tags, metadata: EventMetadata(correlationID: .make(), actor: actor))
    }

    private static func append(_ events: [NewEvent], to stream: String = "test-1") -> StreamAppend {
        StreamAppend(stream: StreamName(recorded: stream), expected: .any, events: events)
    }

    private static let cases: [Case] = [
        Case(
            name: "events in an append", says: "5 events; at most 4",
            make: { count in
                ([append((0..<count).map { _ in event() })], [])
            }, max: 4),
        Case(
            name: "events over all streams of an append", says: "5 events; at most 4",
            make: { count in
                ([append([event(), event()]), append((2..<count).map { _ in event() }, to: "test-2")], [])
            }, max: 4),
        Case(
            name: "streams in an append", says: "4 streams; at most 3",
            make: { count in
                ((0..<count).map { append([event()], to: "test-\($0)") }, [])
            }, max: 3),
        Case(
            name: "bytes in an event", says: "61 bytes is too large; at most 60",
            make: { count in
                ([append([event(bytes: count)])], [])
            }, max: 60),
        Case(
            name: "bytes in an append", says: "101 bytes; at most 100",
            make: { count in
                ([append([event(bytes: 50), event(bytes: count - 50)])], [])
            }, max: 100),
        Case(
            name: "bytes in an event's metadata", says: "31 bytes; at most 30",
            make: { count in
                ([append([event(actor: String(repeating: "a", count: count))])], [])
            }, max: 30),
        Case(
            name: "tags of an event", says: "3 tags; at most 2",
            make: { count in
                ([append([event(tags: Set((0..<count).map { EventTag("n", String($0)) }))])], [])
            }, max: 2),
        Case(
            name: "conditions", says: "3 conditions; at most 2",
            make: { count in
                let condition = AppendCondition.noEvents(matching: EventQuery(tagged: "a"), after: .start)
                return ([append([event()])], Array(repeating: condition, count: count))
            }, max: 2),
        Case(
            name: "criteria of a query", says: "17 criteria; it takes 1 to 16",
            make: { count in
                let query = EventQuery((0..<count).map { .init(tags: [EventTag("n", String($0))]) })
                return ([append([event()])], [.noEvents(matching: query, after: .start)])
            }, max: 16),
        Case(
            name: "tags of a criterion", says: "17 tags; it takes 1 to 16",
            make: { count in
                let query = EventQuery([.init(tags: Set((0..<count).map { EventTag("n", String($0)) }))])
                return ([append([event()])], [.noEvents(matching: query, after: .start)])
            }, max: 16),
        Case(
            name: "bytes in a stream's name", says: "longer than 512 bytes",
            make: { count in
                ([append([event()], to: String(repeating: "s", count: count))], [])
            }, max: 512),
        Case(
            name: "bytes in a type's name", says: "longer than 128 bytes",
            make: { count in
                (
                    [
                        append([
                            event(
                                type: String(repeating: "é", count: count / 2)
                                    + String(repeating: "t", count: count % 2))
                        ])
                    ], []
                )
            }, max: 128),
        Case(
            name: "bytes in a tag", says: "longer than 256 bytes",
            make: { count in
                ([append([event(tags: [EventTag(recorded: String(repeating: "t", count: count))])])], [])
            }, max: 256),
        Case(
            name: "the version of a schema", says: "32768 is not between 1 and 32767",
            make: { count in
                var event = event()
                event.schemaVersion = count
                return ([append([event])], [])
            }, max: 32_767),
    ]

    @Test(arguments: cases)
    private func `are kept exactly, and said when they are not`(_ limit: Case) throws {
        let (appends, conditions) = limit.make(limit.max)
        try limits.check(appends, provided: conditions)
        let (tooMany, tooManyConditions) = limit.make(limit.max + 1)
        do throws(EventStoreError) {
            try limits.check(tooMany, provided: tooManyConditions)
            Issue.record("one more was taken")
        } catch {
            #expect(error.code == .invalidAppend)
            #expect(error.message.contains(limit.says), "\(error.message)")
            #expect(error.message.hasSuffix("Nothing was written."))
        }
    }
}
