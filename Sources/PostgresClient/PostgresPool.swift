internal import NIOConcurrencyHelpers

/// A bounded set of connections that are made when needed and lent to one caller at a time.
public final class PostgresPool: Sendable {
    /// What a pool allows.
    public struct Limits: Sendable, Hashable {
        public var connectionsMax: Int
        /// Callers that may wait for a connection; one more fails at once.
        public var waitersMax: Int
        /// How long a caller waits for a connection, including the tries to reach a server that is down.
        public var acquireTimeout: Duration

        public init(connectionsMax: Int = 8, waitersMax: Int = 10_000, acquireTimeout: Duration = .seconds(15)) {
            self.connectionsMax = connectionsMax
            self.waitersMax = waitersMax
            self.acquireTimeout = acquireTimeout
        }
    }

    private enum Turn {
        case lease(PostgresConnection)
        case open
    }

    private struct State {
        var machine: PoolStateMachine<PostgresConnection>
        var continuations: [UInt64: CheckedContinuation<Turn, any Error>] = [:]
        var lastWaiter: UInt64 = 0
    }

    public let configuration: ConnectionConfiguration
    private let limits: Limits
    private let state: NIOLockedValueBox<State>

    public init(_ configuration: ConnectionConfiguration, limits: Limits = Limits()) {
        self.configuration = configuration
        self.limits = limits
        state = NIOLockedValueBox(
            State(machine: PoolStateMachine(connectionsMax: limits.connectionsMax, waitersMax: limits.waitersMax)))
    }

    /// Runs `body` on a connection's thread. Cancelling the task cancels the statement that runs.
    ///
    /// - Throws: What `body` throws, or ``PostgresError`` when there is no connection to be had in time.
    public func run<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        try await run(onNew: false, body)
    }

    /// Runs `body`, which only reads, and once more on a new connection when the first one is lost under it.
    public func read<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        do {
            return try await run(onNew: false, body)
        } catch let error as PostgresError where error.code == .connectionLost {
            return try await run(onNew: true, body)
        }
    }

    private func run<R: Sendable>(
        onNew: Bool, _ body: @Sendable (PostgresSession) throws -> R
    ) async throws -> R {
        let deadline = ContinuousClock.now.advanced(by: limits.acquireTimeout)
        var connection: PostgresConnection
        switch try await turn(by: deadline) {
        case .lease(let idle) where !onNew: connection = idle
        case .lease, .open: connection = try await open(by: deadline)
        }
        var isUnknown = true
        while true {
            do {
                let value = try await connection.run(lookFirst: isUnknown, body)
                release(connection, isUsable: await connection.isUsable)
                return value
            } catch is LostWhileIdle {
                // Its place in the pool stays this caller's.
                connection = try await open(by: deadline)
                isUnknown = false
            } catch {
                release(connection, isUsable: await connection.isUsable)
                throw error
            }
        }
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    public func transaction<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        try await run { session in try session.transaction(body) }
    }

    /// Closes all connections; those that are lent are closed when they come back.
    public func close() async {
        let (connections, continuations) = state.withLockedValue { state in
            let (connections, waiters) = state.machine.close()
            return (connections, waiters.compactMap { state.continuations.removeValue(forKey: $0) })
        }
        for continuation in continuations {
            continuation.resume(throwing: PostgresError(.poolClosed, detail: "closed while waiting"))
        }
        for connection in connections { await connection.close() }
    }

    // MARK: Acquiring

    private func turn(by deadline: ContinuousClock.Instant) async throws -> Turn {
        let id = state.withLockedValue { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let timer = NIOLockedValueBox<Task<Void, Never>?>(nil)
        defer { timer.withLockedValue { $0?.cancel() } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let action = state.withLockedValue { state in
                    let action = state.machine.acquire(id)
                    if case .wait = action { state.continuations[id] = continuation }
                    return action
                }
                switch action {
                case .lease(let connection): continuation.resume(returning: .lease(connection))
                case .open: continuation.resume(returning: .open)
                case .fail(let error): continuation.resume(throwing: error)
                case .wait:
                    timer.withLockedValue { timer in
                        timer = Task {
                            try? await Task.sleep(until: deadline, clock: .continuous)
                            giveUp(id, PostgresError(.timedOut, detail: "all connections are in use"))
                        }
                    }
                    if Task.isCancelled { giveUp(id, cancelledWaiting) }
                }
            }
        } onCancel: {
            giveUp(id, cancelledWaiting)
        }
    }

    private var cancelledWaiting: PostgresError { PostgresError(.cancelled, detail: "cancelled while waiting") }

    private func giveUp(_ id: UInt64, _ error: PostgresError) {
        let continuation = state.withLockedValue { state in
            state.machine.giveUp(id) ? state.continuations.removeValue(forKey: id) : nil
        }
        continuation?.resume(throwing: error)
    }

    /// Connects, trying again with growing delays while there is time.
    private func open(by deadline: ContinuousClock.Instant) async throws -> PostgresConnection {
        var backoff = Backoff()
        while true {
            do throws(PostgresError) {
                return try await PostgresConnection.connect(configuration)
            } catch {
                let next = ContinuousClock.now.advanced(by: backoff.next())
                guard error.isWorthRetrying, next < deadline, !Task.isCancelled,
                    !state.withLockedValue({ $0.machine.isClosed })
                else {
                    giveUpOpening()
                    throw error
                }
                try? await Task.sleep(until: next, clock: .continuous)
            }
        }
    }

    private func giveUpOpening() {
        resume(state.withLockedValue { $0.machine.openFailed() }, with: .open)
    }

    private func release(_ connection: PostgresConnection, isUsable: Bool) {
        let action = state.withLockedValue { $0.machine.release(connection, isUsable: isUsable) }
        switch action {
        case .none: break
        case .lease(let waiter, let connection): resume(waiter, with: .lease(connection))
        case .close: break  // The connection closes when its last reference, which is the caller's, goes.
        case .closeAndOpen(_, let waiter): resume(waiter, with: .open)
        }
    }

    private func resume(_ waiter: UInt64?, with turn: Turn) {
        guard let waiter else { return }
        state.withLockedValue { $0.continuations.removeValue(forKey: waiter) }?.resume(returning: turn)
    }
}

extension PostgresError {
    /// Whether connecting again a little later can succeed.
    fileprivate var isWorthRetrying: Bool { code == .connectionFailed || code == .connectionLost }
}
