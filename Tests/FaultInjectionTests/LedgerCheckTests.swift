import EventSourcing
import Testing

@testable import FaultInjection

@Suite struct `A check of the ledger` {
    @Test func `finds nothing wrong with a log that is right`() {
        let check = Story().check()
        #expect(check.violations == [])
        #expect(check.checked.positions == 5)
        #expect(check.checked.streams == 2)
        #expect(check.checked.acknowledged == 2)
        #expect(check.checked.unacknowledged == 2)
        #expect(check.checked.sightings == 6)
    }

    @Test func `finds an acknowledged event that is lost`() {
        var story = Story()
        let lost = story.events.removeLast()
        story.head = 4
        for index in story.readers.indices { story.readers[index].seen.removeAll { $0.id == lost.id } }
        story.ledger[2].receipt = Story.receipt("b", revision: 0, position: 5)
        #expect(story.check().violations == [.lost(append: 2, event: lost.id.description)])
    }

    @Test func `finds an event that is there twice`() {
        var story = Story()
        let first = story.events[4]
        story.events.append(.init(position: 6, stream: first.stream, revision: 1, id: first.id, type: first.type))
        story.head = 6
        story.readers[0].seen.append(.init(story.events[5]))
        #expect(story.check().violations == [.doubled(event: first.id.description)])
    }

    @Test func `finds an event that nobody has sent`() {
        var story = Story()
        let event = story.add(to: "b", revision: 1)
        #expect(story.check().violations == [.unknown(event: event.id.description)])
    }

    @Test func `finds an event that is not as it was sent`() {
        let changes: [(LoggedEvents.Event) -> LoggedEvents.Event] = [
            { $0.with(type: $0.type == Soaked.plain ? Soaked.marked : Soaked.plain) },
            { $0.with(correlationID: Soaked.correlationID(of: .make())) },
            { $0.with(payload: Soaked.payload(of: .make())) },
        ]
        for change in changes {
            var story = Story()
            // No reader that asks for one type of event is told of it.
            story.readers.removeLast()
            story.events[4] = change(story.events[4])
            #expect(story.check().violations == [.altered(event: story.events[4].id.description)])
        }
    }

    @Test func `finds an append that is there although nothing was written, if it was tried once`() {
        for tries in 1...2 {
            var story = Story()
            story.ledger[0].tries = tries
            story.ledger[0].isSaidUnwritten = true
            let expected: [Violation] = tries == 1 ? [.writtenAllTheSame(append: 0)] : []
            #expect(story.check().violations == expected)
        }
    }

    @Test func `finds an append that is there in part`() {
        var story = Story()
        story.ledger[3].parts[0] = .init(stream: Story.stream("b"), events: [story.events[4].id, .make()])
        story.ledger[2].receipt = nil
        #expect(story.check().violations == [.torn(append: 3)])
    }

    @Test(arguments: [(1, 4), (2, 5), (0, 4)])
    func `finds a receipt that names another place`(revision: Int, position: Int) {
        var story = Story()
        story.ledger[1].receipt = Story.receipt("a", revision: revision, position: position)
        #expect(story.check().violations == [.misplaced(append: 1, stream: "test-a")])
    }

    @Test func `finds a receipt that leaves a stream out`() {
        var story = Story()
        story.ledger[1].receipt = AppendReceipt(streams: [], isRepeat: false)
        #expect(story.check().violations == [.misplaced(append: 1, stream: "test-a")])
    }

    @Test func `finds a gap in the positions`() {
        var story = Story()
        story.moveLast(to: 6)
        story.head = 6
        #expect(story.check().violations == [.positionGap(expected: 5, found: 6)])
    }

    @Test func `finds a head that is not at the end`() {
        var story = Story()
        story.head = 7
        #expect(story.check().violations == [.wrongHead(head: 7, last: 5)])
    }

    @Test func `finds a gap in the revisions of a stream`() {
        var story = Story()
        let last = story.events.removeLast()
        story.events.append(.init(position: 5, stream: last.stream, revision: 1, id: last.id, type: last.type))
        story.readers[0].seen[4] = .init(story.events[4])
        story.ledger[2].receipt = Story.receipt("b", revision: 1, position: 5)
        #expect(story.check().violations == [.revisionGap(stream: "test-b", expected: 0, found: 1)])
    }

    @Test func `finds a reader that missed an event, saw one twice, or saw two the wrong way round`() {
        let changes: [(inout [ReaderRecord.Sighting]) -> Int64] = [
            { seen in
                seen.remove(at: 1)
                return 2
            },
            { seen in
                seen.removeLast()
                return 5
            },
            { seen in
                seen.insert(seen[2], at: 3)
                return 4
            },
            { seen in
                seen.append(seen[4])
                return 5
            },
            { seen in
                seen.swapAt(0, 1)
                return 1
            },
        ]
        for change in changes {
            var story = Story()
            let position = change(&story.readers[0].seen)
            #expect(story.check().violations == [.misread(reader: "all", position: position)])
        }
    }

    @Test func `finds a reader that saw an event in another stream, or at another revision`() {
        var story = Story()
        let (event, seen) = (story.events[4], story.readers[0].seen)
        for (stream, revision) in [(Story.stream("a"), event.revision), (event.stream, event.revision + 1)] {
            story.readers[0].seen = seen
            story.readers[0].seen[4] = .init(position: 5, id: event.id, stream: stream, revision: revision)
            #expect(story.check().violations == [.misread(reader: "all", position: 5)])
        }
    }

    @Test func `finds a filtered reader that saw what it did not ask for`() {
        var story = Story()
        story.readers[1].seen.append(.init(story.events[4]))
        #expect(story.check().violations == [.misread(reader: "marked", position: 5)])
    }
}

@Suite struct `A ledger` {
    @Test func `finds a retry that contradicts the log`() {
        for (wasInLog, isBehindHead) in [(true, false), (false, true), (false, false)] {
            for isRepeat in [true, false] {
                let ledger = Ledger()
                let event = Soaked.event(.make(), isMarked: false)
                let stream = Story.stream("a")
                let number = ledger.begin([StreamAppend(stream: stream, expected: .any, events: [event])])
                let logged = LoggedEvents.Event(
                    position: 1, stream: stream, revision: 0, id: event.id, type: event.type)
                ledger.note(LoggedEvents(head: isBehindHead ? 0 : 1, events: wasInLog ? [logged] : []))
                ledger.acknowledge(number, Story.receipt("a", revision: 0, position: 1, isRepeat: isRepeat))
                // What was not in the log may have come there since, and be a repeat.
                let isRight = wasInLog ? isRepeat : isBehindHead
                let expected: [Violation] = isRight ? [] : [.wrongRepeat(append: number, wasInLog: wasInLog)]
                #expect(ledger.contradictions == expected)
            }
        }
    }
}

extension LoggedEvents.Event {
    /// An event of the load, with all that belongs to its id.
    fileprivate init(position: Int64, stream: StreamName, revision: Int64, id: EventID, type: EventType) {
        self.init(
            position: position, stream: stream, revision: revision, id: id, type: type,
            correlationID: Soaked.correlationID(of: id), payload: Soaked.payload(of: id))
    }

    fileprivate func with(
        type: EventType? = nil, correlationID: CorrelationID? = nil, payload: [UInt8]? = nil
    ) -> LoggedEvents.Event {
        LoggedEvents.Event(
            position: position, stream: stream, revision: revision, id: id, type: type ?? self.type,
            correlationID: correlationID ?? self.correlationID, payload: payload ?? self.payload)
    }
}

/// A log of five events in two streams that is right, for tests to break: append 0 wrote two events and append 1 one to
/// stream a, and append 2 one to stream b; 0 is in the log and was not acknowledged, and neither was 3, which is not.
private struct Story {
    var head: Int64 = 5
    var events: [LoggedEvents.Event] = []
    var ledger: [LedgerEntry] = []
    var readers = [ReaderRecord(name: "all", type: nil), ReaderRecord(name: "marked", type: Soaked.marked)]

    init() {
        let first = [add(to: "a", revision: 0), add(to: "a", revision: 1)]
        let second = [add(to: "a", revision: 2, type: Soaked.marked), add(to: "a", revision: 3)]
        let third = [add(to: "b", revision: 0)]
        ledger = [
            Self.entry(0, "a", first, nil), Self.entry(1, "a", second, Self.receipt("a", revision: 3, position: 4)),
            Self.entry(2, "b", third, Self.receipt("b", revision: 0, position: 5)),
            LedgerEntry(number: 3, parts: [.init(stream: Self.stream("b"), events: [.make()])]),
        ]
    }

    func check() -> LedgerCheck {
        LedgerCheck.run(LoggedEvents(head: head, events: events), ledger: ledger, readers: readers)
    }

    /// Adds an event that all readers see.
    @discardableResult
    mutating func add(to name: String, revision: Int64, type: EventType = Soaked.plain) -> LoggedEvents.Event {
        let event = LoggedEvents.Event(
            position: Int64(events.count + 1), stream: Self.stream(name), revision: revision, id: .make(), type: type)
        events.append(event)
        head = event.position
        readers[0].seen.append(.init(event))
        if type == Soaked.marked { readers[1].seen.append(.init(event)) }
        return event
    }

    mutating func moveLast(to position: Int64) {
        let last = events.removeLast()
        events.append(
            .init(position: position, stream: last.stream, revision: last.revision, id: last.id, type: last.type))
        readers[0].seen[4] = .init(events[4])
        ledger[2].receipt = Self.receipt("b", revision: 0, position: Int(position))
    }

    static func stream(_ name: String) -> StreamName { StreamCategory("test").stream(name) }

    static func receipt(_ name: String, revision: Int, position: Int, isRepeat: Bool = false) -> AppendReceipt {
        let place = AppendReceipt.Stream(
            stream: stream(name), revision: Revision(rawValue: Int64(revision)),
            position: Position(rawValue: Int64(position)))
        return AppendReceipt(streams: [place], isRepeat: isRepeat)
    }

    private static func entry(
        _ number: Int, _ name: String, _ events: [LoggedEvents.Event], _ receipt: AppendReceipt?
    ) -> LedgerEntry {
        let marked = Set(events.filter { $0.type == Soaked.marked }.map(\.id))
        let part = LedgerEntry.Part(stream: stream(name), events: events.map(\.id), marked: marked)
        var entry = LedgerEntry(number: number, parts: [part])
        entry.receipt = receipt
        return entry
    }
}
