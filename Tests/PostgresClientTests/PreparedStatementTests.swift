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

    @Test func `stay prepared when they fail, and are not prepared again and again`() async throws {
        try await withConnection { connection in
            try await connection.run { session in
                try session.executeScript("CREATE TEMPORARY TABLE t (n integer PRIMARY KEY); INSERT INTO t VALUES (1)")
                for number in 0..<50 {
                    let insert = "INSERT INTO t VALUES (1) RETURNING n\(number % 2 == 0 ? "" : "::text")"
                    if number % 2 == 0 {
                        try session.sendAhead(insert)
                        #expect(throws: PostgresError.self) { _ = try session.receiveAhead() }
                    } else {
                        #expect(throws: PostgresError.self) {
                            try session.pipeline { pipeline in
                                try pipeline.send(insert)
                                try pipeline.flush()
                                _ = try pipeline.receive()
                            }
                        }
                    }
                }
                let prepared = try session.text(
                    "SELECT statement || ': ' || count(*) FROM pg_prepared_statements GROUP BY statement")
                #expect(prepared.filter { $0.hasPrefix("INSERT") }.count == 2)
                #expect(prepared.allSatisfy { $0.hasSuffix(": 1") }, "\(prepared)")
            }
        }
    }
}
