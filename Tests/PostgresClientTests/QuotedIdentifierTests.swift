import PostgresClient
import Testing

@Suite struct `A name in SQL` {
    @Test(arguments: ["plain", "Mixed Case", "with\"quotes\"", "semi;colon -- '", "日本"])
    func `is quoted`(_ name: String) async throws {
        let found = try await withConnection { connection in
            try await connection.run { session in
                try session.executeScript("CREATE TABLE \(quotedIdentifier(name)) ()")
                return try session.execute("SELECT relname::text FROM pg_class WHERE relname = $1", [.text(name)]).text(
                    0, 0)
            }
        }
        #expect(found == name)
    }
}
