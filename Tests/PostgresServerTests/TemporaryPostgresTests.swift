internal import Testing

@testable internal import PostgresServer

@Suite struct `The server of tests` {
    @Test func `databases of tests are fresh, and can be copies`() async throws {
        let first = try await TemporaryPostgres.database()
        try await tell(first, "CREATE TABLE a (b int)")
        let second = try await TemporaryPostgres.database()
        #expect(try await ask(second, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'a'") == "0")
        let name = try await ask(first, "SELECT current_database()::text")
        let copy = try await TemporaryPostgres.database(template: name)
        #expect(try await ask(copy, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'a'") == "1")
    }
}
