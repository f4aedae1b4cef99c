import NIOConcurrencyHelpers
import PostgresClient
import PostgresServer
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct `A pool` {
    @Test func `makes as many connections as are needed, and no more than it may`() async throws {
        try await withPool(.init(connectionsMax: 3)) { pool in
            _ = try await pool.number("SELECT 1::bigint")
            #expect(try await connections(pool) == 1)
            let pids = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<30 {
                    group.addTask { try await pool.number("SELECT pg_backend_pid()::bigint FROM pg_sleep(0.005)") }
                }
                return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
            }
            #expect(pids.count == 3)
            #expect(try await connections(pool) == 3)
        }
    }

    @Test func `serves those that wait in the order in which they came`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            let gate = Gate()
            let holder = Task { try await pool.run { _ in gate.wait() } }
            await gate.entered()
            let served = NIOLockedValueBox<[Int]>([])
            var waiters: [Task<Void, any Error>] = []
            for number in 0..<10 {
                // Runs on this task until it waits for a connection, so that the next one comes after it.
                waiters.append(
                    Task.immediate { try await pool.run { _ in served.withLockedValue { $0.append(number) } } })
            }
            gate.open()
            for waiter in waiters { try await waiter.value }
            try await holder.value
            #expect(served.withLockedValue { $0 } == Array(0..<10))
        }
    }

    @Test func `lets nobody wait longer than it may`() async throws {
        try await withPool(.init(connectionsMax: 1, acquireTimeout: .milliseconds(50))) { pool in
            let gate = Gate()
            let holder = Task { try await pool.run { _ in gate.wait() } }
            await gate.entered()
            await expect(.timedOut) { _ = try await pool.number("SELECT 1::bigint") }
            gate.open()
            try await holder.value
            #expect(try await pool.number("SELECT 1::bigint") == 1)
        }
    }

    @Test func `lets no more wait than it may`() async throws {
        try await withPool(.init(connectionsMax: 1, waitersMax: 1)) { pool in
            let gate = Gate()
            let holder = Task { try await pool.run { _ in gate.wait() } }
            await gate.entered()
            let waiter = Task.immediate { try await pool.number("SELECT 1::bigint") }
            await expect(.poolExhausted) { _ = try await pool.number("SELECT 1::bigint") }
            gate.open()
            try await holder.value
            #expect(try await waiter.value == 1)
        }
    }

    @Test func `that is closed fails those that wait, and those that come`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            let gate = Gate()
            let holder = Task { try await pool.run { _ in gate.wait() } }
            await gate.entered()
            let waiter = Task.immediate { try await pool.number("SELECT 1::bigint") }
            await pool.close()
            await expect(.poolClosed) { _ = try await waiter.value }
            await expect(.poolClosed) { _ = try await pool.number("SELECT 1::bigint") }
            gate.open()
            try await holder.value
        }
    }

    @Test func `that is closed leaves no connection open`() async throws {
        try await withConnection { observer in
            let database = try await observer.run { try $0.text("SELECT current_database()::text")[0] }
            let pool = PostgresPool(
                ConnectionConfiguration(
                    connectionString: try await TemporaryPostgres.server().connectionString(database: database)))
            _ = try await pool.number("SELECT 1::bigint")
            await pool.close()
            try await eventually("the connection is closed") {
                try await observer.run { session in
                    try session.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
                } == 1
            }
        }
    }

    @Test func `replaces a connection that the server has ended`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            await expect(.connectionLost) {
                try await pool.run { try $0.executeScript("SELECT pg_terminate_backend(pg_backend_pid())") }
            }
            for _ in 0..<3 { _ = try await pool.number("SELECT 1::bigint") }
        }
    }

    @Test func `does not lend a connection out that was left in a transaction`() async throws {
        try await withPool(.init(connectionsMax: 1)) { pool in
            try await pool.run { try $0.executeScript("BEGIN; CREATE TABLE t ()") }
            #expect(try await pool.number("SELECT count(*) FROM pg_class WHERE relname = 't'") == 0)
        }
    }

    @Test func `without a server fails in time`() async throws {
        let pool = PostgresPool(
            ConnectionConfiguration(connectionString: "host=/nowhere user=nobody"),
            limits: .init(acquireTimeout: .milliseconds(200)))
        let began = ContinuousClock.now
        await expect(.connectionFailed) { _ = try await pool.number("SELECT 1::bigint") }
        #expect(began.duration(to: .now) < .seconds(10))
        await pool.close()
    }

    @Test func `survives a server that starts again`() async throws {
        let server = try await TemporaryPostgres.start()
        let pool = PostgresPool(
            ConnectionConfiguration(connectionString: server.connectionString),
            limits: .init(connectionsMax: 2, acquireTimeout: .seconds(60)))
        #expect(try await pool.number("SELECT 1::bigint") == 1)
        try await server.kill()
        // Their connections cannot be made yet: they wait.
        let waiters = (0..<4).map { _ in
            Task.immediate { try await pool.read { try $0.number("SELECT 2::bigint") } }
        }
        try await server.restart()
        for waiter in waiters { #expect(try await waiter.value == 2) }
        await pool.close()
        await server.stop()
    }

    private func connections(_ pool: PostgresPool) async throws -> Int64 {
        // Without those of the server itself that clean up now and then.
        try await pool.number(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend'
            """)
    }
}
