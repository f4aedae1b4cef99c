import EventSourcingTesting
import Glibc
import PostgresClient
import PostgresServer
import Support
import Testing

@Suite struct `Cancelling a task` {
    @Test(.timeLimit(.minutes(1)))
    func `ends its statement on the server`() async throws {
        try await withPool(.init(connectionsMax: 2)) { pool in
            let sleeper = Task { try await pool.run { try $0.executeScript("SELECT pg_sleep(3600)") } }
            try await eventually("it sleeps") { try await sleeping(pool) == 1 }
            sleeper.cancel()
            await expect(.cancelled) { try await sleeper.value }
            try await eventually("nobody sleeps") { try await sleeping(pool) == 0 }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `ends work that goes on between two statements`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            let gate = Gate()
            let worker = Task {
                try await pool.run { session in
                    try session.executeScript("CREATE TABLE t (n integer)")
                    gate.wait()
                    try session.checkCancellation()
                    try session.executeScript("INSERT INTO t VALUES (1)")
                }
            }
            await gate.entered()
            worker.cancel()
            gate.open()
            await expect(.cancelled) { try await worker.value }
            let inserted = try await pool.number("SELECT count(*) FROM t")
            #expect(inserted == 0)
        }
    }

    @Test func `before it has a connection sends nothing`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await pool.run { try $0.executeScript("CREATE TABLE t ()") }
            }
            await expect(.cancelled) { try await task.value }
            let tables = try await pool.number("SELECT count(*) FROM pg_class WHERE relname = 't'")
            #expect(tables == 0)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `that waits for a connection ends the wait`() async throws {
        try await withPool(.init(connectionsMax: 1, acquireTimeout: .seconds(50))) { pool in
            let gate = Gate()
            let holder = Task { try await pool.run { _ in gate.wait() } }
            await gate.entered()
            // Runs on this task until it waits for a connection, so that it is the wait that is cancelled.
            let waiter = Task.immediate { try await pool.number("SELECT 1::bigint") }
            waiter.cancel()
            await expect(.cancelled) { _ = try await waiter.value }
            gate.open()
            try await holder.value
            #expect(try await pool.number("SELECT 1::bigint") == 1)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `rolls its transaction back`() async throws {
        try await withPool(.init(connectionsMax: 2)) { pool in
            try await pool.run { try $0.executeScript("CREATE TABLE t (n integer)") }
            let task = Task {
                try await pool.transaction { session in
                    try session.executeScript("INSERT INTO t VALUES (1)")
                    try session.executeScript("SELECT pg_sleep(3600)")
                }
            }
            try await eventually("it sleeps") { try await sleeping(pool) == 1 }
            task.cancel()
            await expect(.cancelled) { try await task.value }
            #expect(try await pool.number("SELECT count(*) FROM t") == 0)
        }
    }

    /// A request to cancel that comes too late must not hit the next statement on the connection.
    @Test func `does no harm to the next statement, however late it comes`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        try await withPool(.init(connectionsMax: 1)) { pool in
            for _ in 0..<200 {
                let microseconds = Int.random(in: 0..<600, using: &random)
                let short = Task { try await pool.number("SELECT 1::bigint") }
                let canceller = Task {
                    try? await Task.sleep(for: .microseconds(microseconds), clock: .continuous)
                    short.cancel()
                }
                let result = await short.result
                if case .failure(let error) = result {
                    #expect((error as? PostgresError)?.code == .cancelled, "seed \(seed)")
                }
                let next = try await pool.number("SELECT 2::bigint")
                #expect(next == 2, "seed \(seed)")
                await canceller.value
            }
        }
    }

    /// The server's main process takes requests to cancel. It is stopped: they are accepted by the system, and no more.
    @Test(.timeLimit(.minutes(2)))
    func `does not wait for a server that takes no request to cancel`() async throws {
        let temporary = try await TemporaryServer.start()
        var configuration = ConnectionConfiguration(connectionString: temporary.server.connectionString)
        configuration.answerTimeout = .seconds(3)
        let connection = try await PostgresConnection.connect(configuration)
        let gate = Gate()
        let sleeper = Task {
            try await connection.run { session in
                gate.wait()
                try session.executeScript("SELECT pg_sleep(3600)")
            }
        }
        await gate.entered()
        let main = await temporary.server.processID
        kill(main, SIGSTOP)
        defer { kill(main, SIGCONT) }
        sleeper.cancel()
        gate.open()
        await expect(.connectionLost) { try await sleeper.value }
        await expect(.connectionLost) { try await connection.run { try $0.executeScript("SELECT 1") } }
        await connection.close()
        kill(main, SIGCONT)
        await temporary.remove()
    }

    private func sleeping(_ pool: PostgresPool) async throws -> Int64 {
        try await pool.number(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(3600)'
                AND pid <> pg_backend_pid()
            """)
    }
}

/// Holds whoever waits in it, on a thread of its own, until it is opened.
final class Gate: Sendable {
    private let lock = ConditionLock(value: State.closed)

    private enum State {
        case closed, entered, open
    }

    /// Blocks the thread.
    func wait() {
        lock.lock()
        lock.unlock(withValue: .entered)
        lock.lock(whenValue: .open)
        lock.unlock()
    }

    /// Returns when somebody waits.
    func entered() async {
        while true {
            if lock.lock(whenValue: .entered, atMost: .zero) { return lock.unlock() }
            try? await Task.sleep(for: .milliseconds(1), clock: .continuous)
        }
    }

    func open() {
        lock.lock()
        lock.unlock(withValue: .open)
    }
}
