import PostgresClient
import PostgresServer
import Testing

private let secret = "hunter2-is-a-secret"

@Suite struct `An error` {
    @Test func `carries the state and the constraint, and no value`() async throws {
        try await withConnection { connection in
            let error = await expect(.server, .uniqueViolation) {
                try await connection.run { session in
                    try session.executeScript("CREATE TABLE t (word text CONSTRAINT words_are_unique UNIQUE)")
                    for _ in 0..<2 { try session.execute("INSERT INTO t VALUES ($1)", [.text(secret)]) }
                }
            }
            #expect(error?.constraint == "words_are_unique")
            expectNoSecret(error)
            #expect(
                error.map { String(reflecting: $0).contains(secret) } ?? false, "logs may hold what the server said")
        }
    }

    @Test(arguments: [
        ("SELEKT 1", "42601"), ("SELECT 1/0", "22012"), ("SELECT * FROM no_such_table", "42P01"),
        ("SELECT '\(secret)'::integer", "22P02"),
    ])
    func `of a statement carries its state`(_ sql: String, _ state: String) async throws {
        try await withConnection { connection in
            let error = await expect(.server, SQLState(rawValue: state)) {
                try await connection.run { try $0.executeScript(sql) }
            }
            expectNoSecret(error)
            #expect(error?.constraint == nil)
        }
    }

    @Test func `of a connection says why, and shows no password`() async throws {
        let reachable = try await TemporaryPostgres.database()
        for (connectionString, reason) in [
            ("\(reachable) password=\(secret) dbname=nowhere", "nowhere"),
            ("postgresql://ada:\(secret)@127.0.0.1:1/shop", "127.0.0.1"),
            ("host=/nowhere user=ada password=\(secret)", "/nowhere"),
            ("this is no connection string \(secret)", "the connection string is malformed"),
            ("postgresql://ada:x@127.0.0.1:1/shop?\(secret)", "the connection string is malformed"),
            ("postgres:/ada:\(secret)@127.0.0.1/shop", "the connection string is malformed"),
        ] {
            let error = await expect(.connectionFailed) {
                _ = try await PostgresConnection.connect(ConnectionConfiguration(connectionString: connectionString))
            }
            expectNoSecret(error)
            #expect(error.map { !String(reflecting: $0).contains(secret) } ?? false)
            #expect(error?.description.contains(reason) == true, "\(connectionString)")
            #expect(error?.description.contains("\n") == false)
        }
    }

    @Test func `of a statement that takes too long says so`() async throws {
        try await withConnection { connection in
            await expect(.server, .queryCanceled) {
                try await connection.run { session in
                    // Not in the configuration: the time is too short for setting a connection up.
                    try session.executeScript("SET statement_timeout = 50")
                    try session.executeScript("SELECT pg_sleep(30)")
                }
            }
        }
    }

    @Test func `leaves the connection usable`() async throws {
        try await withConnection { connection in
            await expect(.server) {
                try await connection.run { _ = try $0.execute("SELECT 1/$1::integer", [.int32(0)]) }
            }
            let found = try await connection.run { try $0.execute("SELECT 1/$1::integer", [.int32(1)]).int32(0, 0) }
            #expect(found == 1)
        }
    }

    private func expectNoSecret(_ error: PostgresError?) {
        #expect(error.map { !"\($0)".contains(secret) } ?? false)
    }
}
