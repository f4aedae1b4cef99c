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

@Suite struct `Gathering a group` {
    /// So many came lately, and all of them came back.
    private func expecting(_ requests: Int, seconds: Double = 0.001) -> Gathering {
        var gathering = Gathering()
        gathering.answered(requests, active: 0, seconds: seconds)
        return gathering
    }

    @Test func `waits for half of those that are there, for half of what writing took and 2 ms at most`() {
        for (seconds, patience) in [(0.001, 0.0005), (0.004, 0.002), (1, 0.002)] {
            var gathering = Gathering()
            #expect(gathering.awaited == 1)
            gathering.answered(16, active: 16, seconds: seconds)
            #expect(gathering.awaited == 16)
            #expect(gathering.patienceSeconds == patience)
        }
    }

    @Test func `waits for all, and sends one group at a time, while others append to the log, too`() {
        var gathering = Gathering()
        #expect(gathering.groupsAheadMax == 2)
        gathering.answered(16, active: 16, isShared: true)
        #expect(gathering.groupsAheadMax == 1)
        #expect(gathering.awaited == 32)
        for _ in 0..<63 { gathering.answered(32, active: 0) }
        #expect(gathering.groupsAheadMax == 1, "its own groups may follow one another by chance")
        gathering.answered(32, active: 0)
        #expect(gathering.groupsAheadMax == 2)
        #expect(gathering.awaited == 16)
    }

    @Test func `waits for all, and sends one group at a time, while there are few`() {
        var gathering = Gathering()
        gathering.answered(8, active: 8)
        #expect(gathering.groupsAheadMax == 1)
        #expect(gathering.awaited == 16)
        gathering.answered(8, active: 9)
        #expect(gathering.groupsAheadMax == 2, "that many are answered and append again while a group is flushed")
        #expect(gathering.awaited == 9)
        for (requests, active) in [(8, 0), (4, 4)] {
            gathering.answered(
                requests: requests, events: requests * 9, active: active, seconds: 0.001, isShared: false)
            #expect(gathering.groupsAheadMax == 2, "so are these, in one group or in two")
        }
    }

    @Test func `of few goes on while three quarters of those that it waits for come`() {
        var gathering = expecting(8)
        #expect(gathering.awaited == 8)
        gathering.gathered(6)
        #expect(gathering.awaited == 8)
        gathering.gathered(5)
        #expect(gathering.awaited == 1)
    }

    @Test func `waits for 64 at most, however many there are`() {
        var gathering = Gathering()
        gathering.answered(128, active: 384)
        #expect(gathering.awaited == 64)
    }

    @Test func `of one at a time does not wait`() {
        var gathering = Gathering()
        for _ in 0..<10 {
            gathering.gathered(1)
            gathering.answered(1, active: 0)
            #expect(gathering.awaited == 1)
        }
    }

    @Test func `goes on while half of those that it waits for come`() {
        var gathering = expecting(32)
        for _ in 0..<10 {
            #expect(gathering.awaited == 16)
            gathering.gathered(8)
            gathering.answered(8, active: 24)
        }
        gathering.gathered(7)
        #expect(gathering.awaited == 1, "fewer than half are not worth waiting for")
    }

    @Test func `pauses when they do not come, for twice as long each time and 64 groups at most`() {
        var gathering = expecting(32)
        for pause in [1, 2, 4, 8, 16, 32, 64, 64] {
            #expect(gathering.awaited == 16, "before a pause of \(pause)")
            gathering.gathered(1)
            for _ in 0..<pause {
                #expect(gathering.awaited == 1)
                gathering.answered(32, active: 0)
            }
            #expect(gathering.awaited == 1)
            gathering.answered(32, active: 0)
        }
        gathering.gathered(16)
        gathering.answered(32, active: 0)
        gathering.gathered(1)
        gathering.answered(32, active: 0)
        #expect(gathering.awaited == 1)
        gathering.answered(32, active: 0)
        #expect(gathering.awaited == 16, "what came once makes the next pause a short one")
    }
}

extension Gathering {
    /// Single events.
    fileprivate mutating func answered(
        _ requests: Int, active: Int, seconds: Double = 0.001, isShared: Bool = false
    ) {
        answered(requests: requests, events: requests, active: active, seconds: seconds, isShared: isShared)
    }
}
