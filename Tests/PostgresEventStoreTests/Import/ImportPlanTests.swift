import EventSourcing
import Testing

@testable import PostgresEventStore

@Suite struct `The plan of an import` {
    private let first = newStream()
    private let second = newStream()

    @Test func `numbers events behind the head and behind their streams' last revisions`() {
        let plan = ImportPlan([0, 1, 0, 0], head: 41, revisions: [6, -1])
        #expect(plan.rows.map(\.position) == [42, 43, 44, 45])
        #expect(plan.rows.map(\.revision) == [7, 0, 8, 9])
        #expect(plan.head == 45)
    }

    @Test func `leaves out what is recorded`() {
        let plan = ImportPlan([0, 0, 1], head: 1, revisions: [0, -1], recorded: [0])
        #expect(plan.rows.map(\.index) == [1, 2])
        #expect(plan.rows.map(\.revision) == [1, 0])
        #expect(plan.head == 3)
    }

    @Test func `is of a batch without what comes again in it, but with the same id in another stream`() {
        let (known, new) = (event(), event())
        let events = [(known, first), (new, first), (new, first), (known, second)].map { ImportedEvent($0, stream: $1) }
        let batch = ImportBatch(events, log: .main)
        #expect(batch.events == [events[0], events[1], events[3]] && batch.repeatedCount == 1)
        #expect(batch.streams == [first, second] && batch.streamIndices == [0, 0, 1])
    }
}
