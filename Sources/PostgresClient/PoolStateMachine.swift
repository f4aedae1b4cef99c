/// Who gets which connection, and when one is opened or closed. Decides; ``PostgresPool`` does.
struct PoolStateMachine<Connection: Sendable>: Sendable {
    typealias WaiterID = UInt64

    enum AcquireAction {
        case lease(Connection)
        case open
        case wait
        case fail(PostgresError)
    }

    enum ReleaseAction {
        /// Keep it for later.
        case none
        /// Hand it to this waiter.
        case lease(WaiterID, Connection)
        /// Close it.
        case close(Connection)
        /// Close it; this waiter opens another one.
        case closeAndOpen(Connection, WaiterID)
    }

    private let connectionsMax: Int
    private let waitersMax: Int
    private var idle: [Connection] = []
    /// Connections that are leased or being opened.
    private var leasedCount = 0
    private var waiters: [WaiterID] = []
    private(set) var isClosed = false

    init(connectionsMax: Int, waitersMax: Int) {
        precondition(connectionsMax > 0, "a pool has at least one connection")
        self.connectionsMax = connectionsMax
        self.waitersMax = waitersMax
    }

    mutating func acquire(_ waiter: WaiterID) -> AcquireAction {
        guard !isClosed else { return .fail(PostgresError(.poolClosed, detail: "acquire after close")) }
        if let connection = idle.popLast() {
            leasedCount += 1
            return .lease(connection)
        }
        if leasedCount < connectionsMax {
            leasedCount += 1
            return .open
        }
        guard waiters.count < waitersMax else {
            return .fail(PostgresError(.poolExhausted, detail: "\(waiters.count) callers wait already"))
        }
        waiters.append(waiter)
        return .wait
    }

    mutating func release(_ connection: Connection, isUsable: Bool) -> ReleaseAction {
        if isUsable, !isClosed {
            guard !waiters.isEmpty else {
                leasedCount -= 1
                idle.append(connection)
                return .none
            }
            return .lease(waiters.removeFirst(), connection)
        }
        guard let waiter = openFailed() else { return .close(connection) }
        return .closeAndOpen(connection, waiter)
    }

    /// - Returns: A waiter that takes over the free place and opens a connection.
    mutating func openFailed() -> WaiterID? {
        guard !isClosed, !waiters.isEmpty else {
            leasedCount -= 1
            return nil
        }
        return waiters.removeFirst()
    }

    /// - Returns: Whether the waiter was still waiting.
    mutating func giveUp(_ waiter: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// - Returns: What is to be closed, and who is to be told.
    mutating func close() -> (connections: [Connection], waiters: [WaiterID]) {
        isClosed = true
        defer {
            idle = []
            waiters = []
        }
        return (idle, waiters)
    }
}
