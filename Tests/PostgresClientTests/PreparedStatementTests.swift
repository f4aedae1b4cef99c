import PostgresClient
import Testing

@Suite struct `Statements that are prepared` {
    @Test func `do not pile up when their texts differ, whichever way they are sent`() async throws {
        try await withConnection { connection in
            try await connection.run { session in
                for number in 0..<1_000 {
                    switch number % 3 {
                    case 0: #expect(try session.number("SELECT \(number)::bigint") == number)
                    case 1:
                        let answer = try session.pipeline { pipeline in
                            try pipeline.send("SELECT \(number)::bigint")
                            try pipeline.flush()
                            return try pipeline.receive().int64(0, 0)
                        }
                        #expect(answer == number)
                    default:
                        for _ in 0..<2 { try session.sendAhead("SELECT \(number)::bigint") }
                        for _ in 0..<2 { #expect(try session.receiveAhead().int64(0, 0) == number) }
                    }
                }
                #expect(try session.number("SELECT count(*) FROM pg_prepared_statements") <= 300)
            }
        }
    }
}
