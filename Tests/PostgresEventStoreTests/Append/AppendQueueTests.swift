import EventSourcing
import Testing

@testable import PostgresEventStore

@Suite struct `The queue of appends` {
    private typealias Queue = AppendQueue<String>

    private func queue(
        requests: Int = 10, bytes: Int = 1_000, groupEvents: Int = 5, groupBytes: Int = 100
    ) -> Queue {
        Queue(
            limits: AppendQueueLimits(
                requestsMax: requests, bytesMax: bytes, groupEventsMax: groupEvents, groupBytesMax: groupBytes))
    }

    @Test func `gives back what it took, in order, in groups of as many events and bytes as one holds`() throws {
        var queue = queue()
        for (name, events, bytes) in [("a", 2, 10), ("b", 3, 10), ("c", 1, 10), ("d", 1, 95), ("e", 1, 5)] {
            _ = try queue.submit(name, eventCount: events, byteCount: bytes)
        }
        #expect(queue.nextGroup() == ["a", "b"], "five events fill a group")
        #expect(queue.nextGroup() == ["c"], "the next one would make too many bytes")
        #expect(queue.nextGroup() == ["d", "e"])
        #expect(queue.nextGroup() == [])
    }

    @Test func `makes groups of no more appends than one holds`() throws {
        var queue = Queue(limits: AppendQueueLimits(groupRequestsMax: 2))
        for name in ["a", "b", "c"] { _ = try queue.submit(name, eventCount: 1, byteCount: 1) }
        #expect(queue.nextGroup() == ["a", "b"])
        #expect(queue.nextGroup() == ["c"])
    }

    @Test func `makes a group of one of what is too large for a group`() throws {
        var queue = queue()
        _ = try queue.submit("large", eventCount: 50, byteCount: 500)
        _ = try queue.submit("small", eventCount: 1, byteCount: 1)
        #expect(queue.nextGroup() == ["large"])
        #expect(queue.nextGroup() == ["small"])
    }

    @Test func `refuses one more request than its limit, and takes it once there is room`() throws {
        var queue = queue(requests: 2)
        _ = try queue.submit("a", eventCount: 1, byteCount: 1)
        _ = try queue.submit("b", eventCount: 1, byteCount: 1)
        expect(queue, refuses: "c", .overloaded, says: "2 appends of 2 bytes wait already, and at most 2 of 1000 bytes")
        _ = queue.nextGroup()
        _ = try queue.submit("c", eventCount: 1, byteCount: 1)
        #expect(queue.nextGroup() == ["c"])
    }

    @Test func `refuses one more byte than its limit, and takes it once there is room`() throws {
        var queue = queue(bytes: 100)
        _ = try queue.submit("a", eventCount: 1, byteCount: 99)
        expect(queue, refuses: "b", byteCount: 2, .overloaded, says: "at most 10 of 100 bytes are queued")
        _ = try queue.submit("c", eventCount: 1, byteCount: 1)
        #expect(queue.nextGroup() == ["a", "c"])
        _ = try queue.submit("b", eventCount: 1, byteCount: 100)
    }

    @Test func `takes what is larger than its limit when nothing else waits`() throws {
        var queue = queue(bytes: 100)
        _ = try queue.submit("large", eventCount: 1, byteCount: 101)
        expect(queue, refuses: "small", .overloaded, says: "at most 10 of 100 bytes are queued")
        #expect(queue.nextGroup() == ["large"])
        _ = try queue.submit("small", eventCount: 1, byteCount: 1)
        expect(queue, refuses: "large", byteCount: 101, .overloaded, says: "1 appends of 1 bytes wait already")
    }

    @Test func `lets go of what is taken out, and of nothing else`() throws {
        var queue = queue(requests: 3, bytes: 30)
        let tickets = try ["a", "b", "c"].map { try queue.submit($0, eventCount: 1, byteCount: 10) }
        #expect(queue.remove(tickets[1]) == "b")
        #expect(queue.remove(tickets[1]) == nil, "once")
        #expect(queue.count == 2)
        _ = try queue.submit("d", eventCount: 1, byteCount: 10)
        #expect(queue.nextGroup() == ["a", "c", "d"], "its place and its bytes are free again")
        #expect(queue.remove(tickets[0]) == nil, "what is in a group is not taken out")
    }

    @Test func `takes nothing after it is closed, and still gives what it took`() throws {
        var queue = queue()
        _ = try queue.submit("a", eventCount: 1, byteCount: 1)
        queue.close()
        expect(queue, refuses: "b", .closed, says: "Nothing was written")
        #expect(queue.nextGroup() == ["a"])
    }

    private func expect(
        _ queue: Queue, refuses name: String, byteCount: Int = 1, _ code: EventStoreError.Code, says words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var queue = queue
        do throws(EventStoreError) {
            _ = try queue.submit(name, eventCount: 1, byteCount: byteCount)
            Issue.record("it was taken", sourceLocation: sourceLocation)
        } catch {
            #expect(error.code == code, sourceLocation: sourceLocation)
            #expect(error.message.contains(words), "\(error.message)", sourceLocation: sourceLocation)
        }
    }
}
