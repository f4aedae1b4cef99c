import EventSourcing
import Testing

@testable import PostgresEventStore

@Suite struct `The plan of an import` {
    private let first = newStream()
    private let second = newStream()

    @Test func `numbers events behind the head and behind their streams' last revisions`() {
        let events = [first, second, first, first].map { ImportedEvent(event(), stream: $0) }
        let plan = ImportPlan(events, head: 41, revisions: [first: 6], recorded: [])
        #expect(plan.rows.map(\.position) == [42, 43, 44, 45])
        #expect(plan.rows.map(\.revision) == [7, 0, 8, 9])
        #expect(plan.head == 45 && plan.repeatedCount == 0)
    }

    @Test func `leaves out what is recorded and what comes again, and no event of the same id elsewhere`() {
        let known = event()
        let new = event()
        let events = [(known, first), (new, first), (new, first), (known, second)].map { ImportedEvent($0, stream: $1) }
        let plan = ImportPlan(
            events, head: 1, revisions: [first: 0], recorded: [.init(stream: first, id: known.id)])
        #expect(plan.rows.map(\.index) == [1, 3])
        #expect(plan.rows.map(\.revision) == [1, 0])
        #expect(plan.head == 3 && plan.repeatedCount == 2)
    }
}
