import EventSourcing
import Testing

@testable import PostgresEventStore

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
