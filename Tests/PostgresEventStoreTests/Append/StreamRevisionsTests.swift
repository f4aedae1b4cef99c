import EventSourcing
import Testing

@testable import PostgresEventStore

@Suite struct `Revisions of streams that were written lately` {
    @Test func `are kept for half as many streams as there is room for, at least`() {
        var known = StreamRevisions(capacity: 8)
        let streams = (0..<20).map { _ in newStream() }
        for (index, stream) in streams.enumerated() {
            known.update([stream: Int64(index)], head: Int64(index), count: 1)
            for recent in streams[max(0, index - 3)...index] { #expect(known[recent] != nil) }
        }
        #expect(known[streams[0]] == nil)
    }

    @Test func `of a stream that is written again and again are not forgotten`() {
        var known = StreamRevisions(capacity: 4)
        let busy = newStream()
        known.update([busy: 0], head: 1, count: 1)
        for head in 2..<20 {
            known.update([newStream(): 0], head: Int64(head), count: 1)
            _ = known.entry(of: busy)
            #expect(known[busy] == 0)
        }
    }
}
