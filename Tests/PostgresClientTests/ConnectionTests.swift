import PostgresClient
import PostgresServer
import Testing

/// Carries a connection out of the work that it was lent to.
private struct Lent: Error {
    let connection: PostgresConnection
}

@Suite struct `A connection` {
    @Test func `is set up as it was asked for`() async throws {
        let settings = try await withConnection { configuration in
            configuration.applicationName = "tester"
            configuration.statementTimeout = .seconds(7)
            configuration.lockTimeout = .milliseconds(1_500)
            configuration.searchPath = ["pg_catalog", "odd \"name\""]
        } _: { connection in
            try await connection.run { session in
                try ["application_name", "statement_timeout", "lock_timeout", "search_path", "TimeZone"].map { name in
                    try session.execute("SELECT current_setting($1)", [.text(name)]).text(0, 0)
                }
            }
        }
        #expect(settings == ["tester", "7s", "1500ms", #"pg_catalog, "odd ""name""""#, "UTC"])
    }

    @Test func `that is closed says so`() async throws {
        let connection = try await withConnection { $0 }
        await expect(.connectionLost) { _ = try await connection.run { try $0.number("SELECT 1::bigint") } }
    }

    @Test func `that was lent is closed when the work on it fails`() async throws {
        do {
            try await withConnection { (connection: PostgresConnection) -> Void in throw Lent(connection: connection) }
            Issue.record("the work did not fail")
        } catch let failure as Lent {
            await expect(.connectionLost) {
                _ = try await failure.connection.run { try $0.number("SELECT 1::bigint") }
            }
        }
    }

    @Test func `that the server ends says so`() async throws {
        try await withConnection { connection in
            await expect(.connectionLost) {
                try await connection.run { try $0.executeScript("SELECT pg_terminate_backend(pg_backend_pid())") }
            }
            await expect(.connectionLost) { _ = try await connection.run { try $0.number("SELECT 1::bigint") } }
        }
    }
}
