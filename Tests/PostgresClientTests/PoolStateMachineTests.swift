import Testing

@testable import PostgresClient

@Suite struct `The state of a pool` {
    private typealias Machine = PoolStateMachine<String>

    /// A pool of `connections`, all of them lent out.
    private func exhausted(_ connections: Int = 1, waitersMax: Int = 2) -> Machine {
        var machine = Machine(connectionsMax: connections, waitersMax: waitersMax)
        for waiter in 0..<connections { expect(machine.acquire(UInt64(waiter)), .open) }
        return machine
    }

    @Test func `opens connections up to its limit, then lets callers wait, then refuses`() {
        var machine = exhausted(2)
        expect(machine.acquire(10), .wait)
        expect(machine.acquire(11), .wait)
        expect(machine.acquire(12), .fail(.poolExhausted))
    }

    @Test func `keeps what comes back, and lends the newest first`() {
        var machine = exhausted(2)
        expect(machine.release("a", isUsable: true), .none)
        expect(machine.release("b", isUsable: true), .none)
        expect(machine.acquire(10), .lease("b"))
        expect(machine.acquire(11), .lease("a"))
        expect(machine.acquire(12), .wait)
    }

    @Test func `hands what comes back to those that wait, in their order`() {
        var machine = exhausted()
        expect(machine.acquire(10), .wait)
        expect(machine.acquire(11), .wait)
        expect(machine.release("a", isUsable: true), .hand(10, "a"))
        expect(machine.release("a", isUsable: true), .hand(11, "a"))
        expect(machine.release("a", isUsable: true), .none)
    }

    @Test func `closes what is broken, and lets the next one that waits open another`() {
        var machine = exhausted()
        expect(machine.acquire(10), .wait)
        expect(machine.release("a", isUsable: false), .closeAndOpen("a", 10))
        expect(machine.release("b", isUsable: false), .close("b"))
        expect(machine.acquire(11), .open)
    }

    @Test func `passes the place of a connection that could not be made on`() {
        var machine = exhausted()
        expect(machine.acquire(10), .wait)
        let successors = [machine.openFailed(), machine.openFailed()]
        #expect(successors == [10, nil])
        expect(machine.acquire(11), .open)
    }

    @Test func `forgets who gives up`() {
        var machine = exhausted()
        expect(machine.acquire(10), .wait)
        expect(machine.acquire(11), .wait)
        let waited = [machine.giveUp(10), machine.giveUp(10)]
        #expect(waited == [true, false])
        expect(machine.release("a", isUsable: true), .hand(11, "a"))
        let stillWaits = machine.giveUp(11)
        #expect(!stillWaits, "it has its connection")
    }

    @Test func `frees the places of those that give up`() {
        var machine = exhausted(waitersMax: 1)
        expect(machine.acquire(10), .wait)
        expect(machine.acquire(11), .fail(.poolExhausted))
        _ = machine.giveUp(10)
        expect(machine.acquire(12), .wait)
    }

    @Test func `when closed gives back what it has, and takes nobody in`() {
        var machine = exhausted(2)
        expect(machine.release("a", isUsable: true), .none)
        expect(machine.acquire(10), .lease("a"))
        expect(machine.acquire(11), .wait)
        expect(machine.release("a", isUsable: true), .hand(11, "a"))
        expect(machine.release("b", isUsable: true), .none)
        let closed = machine.close()
        #expect(closed.connections == ["b"])
        #expect(closed.waiters.isEmpty)
        expect(machine.acquire(12), .fail(.poolClosed))
        expect(machine.release("a", isUsable: true), .close("a"))
    }

    @Test func `when closed tells those that wait`() {
        var machine = exhausted()
        expect(machine.acquire(10), .wait)
        expect(machine.acquire(11), .wait)
        let told = machine.close().waiters
        #expect(told == [10, 11])
        let (successor, stillWaits) = (machine.openFailed(), machine.giveUp(10))
        #expect(successor == nil)
        #expect(!stillWaits)
    }

    // MARK: Actions, to be compared

    private enum Acquired: Equatable {
        case lease(String), open, wait, fail(PostgresError.Code)
    }

    private enum Released: Equatable {
        case none, hand(UInt64, String), close(String), closeAndOpen(String, UInt64)
    }

    private func expect(
        _ action: Machine.AcquireAction, _ expected: Acquired, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found: Acquired =
            switch action {
            case .lease(let connection): .lease(connection)
            case .open: .open
            case .wait: .wait
            case .fail(let error): .fail(error.code)
            }
        #expect(found == expected, sourceLocation: sourceLocation)
    }

    private func expect(
        _ action: Machine.ReleaseAction, _ expected: Released, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found: Released =
            switch action {
            case .none: .none
            case .lease(let waiter, let connection): .hand(waiter, connection)
            case .close(let connection): .close(connection)
            case .closeAndOpen(let connection, let waiter): .closeAndOpen(connection, waiter)
            }
        #expect(found == expected, sourceLocation: sourceLocation)
    }
}
