import EventSourcing
import Testing

@testable import PostgresEventStore

@Suite struct `A page of the log` {
    private static let tagged = EventQuery([.init(tags: ["a"])])

    private func query(_ direction: ReadDirection, _ filter: EventFilter, from position: Position?) -> PageQuery {
        PageQuery(log: .main, position: position, direction: direction, filter: filter, size: 5, windowMax: 10)
    }

    @Test(arguments: [
        EventFilter(categories: ["order"]), EventFilter(types: ["Placed"]),
        EventFilter(categories: ["order"], query: tagged), EventFilter(types: ["Placed"], query: tagged),
    ])
    func `looks through a window when rows must be looked at one by one`(filter: EventFilter) {
        let position = Position(rawValue: 100)
        #expect(query(.forwards, filter, from: position).end == 110)
        #expect(query(.backwards, filter, from: position).end == 90)
        #expect(query(.backwards, filter, from: Position(rawValue: 3)).end == 0)
        #expect(query(.backwards, filter, from: nil).end == .max - 10)
    }

    @Test(arguments: [
        EventQuery(tagged: "a", types: ["Placed"]), EventQuery(tagged: "a", "b"),
        EventQuery([.init(tags: ["a"]), .init(tags: ["a", "b"])]),
    ])
    func `looks through a longer one where all is looked for in the index of tags`(query: EventQuery) {
        let filter = EventFilter(query: query)
        #expect(self.query(.forwards, filter, from: Position(rawValue: 100)).end == 140)
        #expect(self.query(.backwards, filter, from: Position(rawValue: 100)).end == 60)
    }

    @Test(arguments: [EventFilter.all, EventFilter(query: tagged)])
    func `goes as far as an index leads it`(filter: EventFilter) {
        let position = Position(rawValue: 100)
        #expect(query(.forwards, filter, from: position).end == .max)
        #expect(query(.backwards, filter, from: position).end == 0)
    }

    @Test func `ends at its window when it is not full`() {
        let filter = EventFilter(categories: ["order"], query: Self.tagged)
        let (position, head) = (Position(rawValue: 100), Position(rawValue: 1_000))
        let forwards = query(.forwards, filter, from: position)
        #expect(forwards.through(nil, isFull: false, head: head) == Position(rawValue: 110))
        let backwards = query(.backwards, filter, from: position)
        #expect(backwards.through(nil, isFull: false, head: head) == Position(rawValue: 90))
    }
}
