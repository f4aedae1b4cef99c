import PostgresClient
import Testing

@Suite struct `A transaction` {
    @Test func `is committed when its body returns`() async throws {
        try await withTable { connection in
            let value = try await connection.run { session in
                try session.transaction { session in
                    try session.executeScript("INSERT INTO t VALUES (1), (2)")
                    return "done"
                }
            }
            #expect(value == "done")
            #expect(try await count(connection) == 2)
        }
    }

    @Test func `is rolled back when its body throws`() async throws {
        try await withTable { connection in
            await #expect(throws: OnPurpose.self) {
                try await connection.run { session in
                    try session.transaction { session in
                        try session.executeScript("INSERT INTO t VALUES (1)")
                        throw OnPurpose()
                    }
                }
            }
            let rows = try await count(connection)
            #expect(rows == 0)
        }
    }

    @Test func `is rolled back when the server refuses a statement`() async throws {
        try await withTable { connection in
            await expect(.server, .uniqueViolation) {
                try await connection.run { session in
                    try session.transaction {
                        try $0.executeScript("INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)")
                    }
                }
            }
            let rows = try await count(connection)
            #expect(rows == 0)
        }
    }

    @Test func `is rolled back, and says so, when the server refuses its commit`() async throws {
        try await withTable { connection in
            await expect(.server, .uniqueViolation) {
                try await connection.run { session in
                    try session.executeScript("CREATE TABLE late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")
                    try session.transaction { try $0.executeScript("INSERT INTO late VALUES (1), (1)") }
                }
            }
            let kept = try await connection.run { try $0.number("SELECT count(*) FROM late") }
            #expect(kept == 0)
        }
    }

    /// PostgreSQL answers the commit of a failed transaction with a rollback, and calls that a success.
    @Test func `is not taken for committed when its body passes over the server's error`() async throws {
        try await withTable { connection in
            await expect(.server) {
                try await connection.run { session in
                    try session.transaction { session in
                        try session.executeScript("INSERT INTO t VALUES (1)")
                        try? session.executeScript("SELECT 1/0")
                    }
                }
            }
            let rows = try await count(connection)
            #expect(rows == 0)
        }
    }
}

@Suite struct `A pipeline` {
    @Test func `is committed as one`() async throws {
        try await withTable { connection in
            try await connection.run { session in
                try session.pipeline { pipeline in
                    for number in 1...3 { try pipeline.send("INSERT INTO t VALUES ($1)", [.int32(Int32(number))]) }
                }
            }
            #expect(try await count(connection) == 3)
        }
    }

    @Test func `is answered in the order in which it was sent`() async throws {
        try await withTable { connection in
            let numbers = try await connection.run { session in
                try session.pipeline { pipeline in
                    var numbers: [Int32] = []
                    for round in 0..<3 {
                        for number in 0..<4 {
                            try pipeline.send("SELECT $1::integer", [.int32(Int32(round * 4 + number))])
                        }
                        try pipeline.flush()
                        for _ in 0..<3 { numbers.append(try pipeline.receive().int32(0, 0)) }
                    }
                    try pipeline.flush()
                    for _ in 0..<3 { numbers.append(try pipeline.receive().int32(0, 0)) }
                    return numbers
                }
            }
            #expect(numbers == Array(0..<12))
        }
    }

    @Test func `holds what was sent before and after an answer in one transaction`() async throws {
        try await withTable { connection in
            await #expect(throws: OnPurpose.self) {
                try await connection.run { session in
                    try session.pipeline { pipeline in
                        try pipeline.send("INSERT INTO t VALUES (1) RETURNING n")
                        try pipeline.flush()
                        _ = try pipeline.receive()
                        throw OnPurpose()
                    }
                }
            }
            try await expectUsableAndEmpty(connection)
        }
    }

    @Test(arguments: 0..<4)
    func `is rolled back as one when a statement fails`(_ failing: Int) async throws {
        try await withTable { connection in
            await expect(.server, SQLState(rawValue: "22012")) {
                try await connection.run { session in
                    try session.pipeline { pipeline in
                        for number in 0..<4 {
                            try pipeline.send(
                                "INSERT INTO t SELECT 1 / $1::integer", [.int32(number == failing ? 0 : 1)])
                            if number == 3 { continue }
                            try pipeline.send("DELETE FROM t")
                        }
                    }
                }
            }
            try await expectUsableAndEmpty(connection)
        }
    }

    @Test(arguments: [0, 1, 3])
    func `is rolled back as one when its body throws`(_ statements: Int) async throws {
        try await withTable { connection in
            await #expect(throws: OnPurpose.self) {
                try await connection.run { session in
                    try session.pipeline { pipeline in
                        for number in 0..<statements { try pipeline.send("INSERT INTO t VALUES (\(number))") }
                        throw OnPurpose()
                    }
                }
            }
            try await expectUsableAndEmpty(connection)
        }
    }

    @Test func `tells its body what failed, and is rolled back`() async throws {
        try await withTable { connection in
            await expect(.server, SQLState(rawValue: "22012")) {
                try await connection.run { session in
                    try session.pipeline { pipeline in
                        try pipeline.send("INSERT INTO t VALUES (1)")
                        try pipeline.send("SELECT 1/0")
                        try pipeline.send("INSERT INTO t VALUES (2)")
                        try pipeline.flush()
                        for _ in 0..<3 { _ = try pipeline.receive() }
                    }
                }
            }
            try await expectUsableAndEmpty(connection)
        }
    }

    @Test(arguments: [1, 3])
    func `is not taken for committed when its body passes over a failure`(_ received: Int) async throws {
        try await withTable { connection in
            await expect(.server, SQLState(rawValue: "22012")) {
                try await connection.run { session in
                    try session.pipeline { pipeline in
                        try pipeline.send("INSERT INTO t SELECT 1/0")
                        try pipeline.send("INSERT INTO t VALUES (1)")
                        try pipeline.send("INSERT INTO t VALUES (2)")
                        try pipeline.flush()
                        for _ in 0..<received { _ = try? pipeline.receive() }
                    }
                }
            }
            try await expectUsableAndEmpty(connection)
        }
    }

    @Test func `is rolled back, and says so, when the server refuses its commit`() async throws {
        try await withTable { connection in
            await expect(.server, .uniqueViolation) {
                try await connection.run { session in
                    try session.executeScript("CREATE TABLE late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")
                    try session.pipeline { pipeline in
                        for _ in 0..<2 { try pipeline.send("INSERT INTO late VALUES (1)") }
                    }
                }
            }
            let kept = try await connection.run { try $0.number("SELECT count(*) FROM late") }
            #expect(kept == 0)
        }
    }

    @Test func `that is asked for more answers than it sent says so`() async throws {
        try await withTable { connection in
            await expect(.protocolViolation) {
                try await connection.run { session in try session.pipeline { _ = try $0.receive() } }
            }
            try await expectUsableAndEmpty(connection)
        }
    }

    @Test func `uses statements again that it has prepared, after one that failed as well`() async throws {
        try await withTable { connection in
            for divisor in [1, 0, 1, 0, 1] as [Int32] {
                let result = await Result {
                    try await connection.run { session in
                        try session.pipeline { pipeline in
                            try pipeline.send("SELECT 1 / $1::integer", [.int32(divisor)])
                            try pipeline.send("SELECT 2 / $1::integer", [.int32(1)])
                            try pipeline.flush()
                            return [try pipeline.receive().int32(0, 0), try pipeline.receive().int32(0, 0)]
                        }
                    }
                }
                if divisor == 1 { #expect(try result.get() == [1, 2]) }
            }
            let numbers = try await connection.run { session in
                try [
                    session.execute("SELECT 1 / $1::integer", [.int32(1)]).int32(0, 0),
                    session.execute("SELECT 2 / $1::integer", [.int32(1)]).int32(0, 0),
                ]
            }
            #expect(numbers == [1, 2])
        }
    }

    @Test func `carries large values both ways`() async throws {
        try await withTable { connection in
            let sizes = try await connection.run { session in
                try session.pipeline { pipeline in
                    for _ in 0..<8 {
                        try pipeline.send("SELECT $1::bytea", [.bytes(.init(repeating: 7, count: 1 << 20))])
                    }
                    try pipeline.flush()
                    return try (0..<8).map { _ in try pipeline.receive().bytes(0, 0).count }
                }
            }
            #expect(sizes == Array(repeating: 1 << 20, count: 8))
        }
    }
}

private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
    try await withConnection { connection in
        try await connection.run { try $0.executeScript("CREATE TABLE t (n integer UNIQUE)") }
        try await body(connection)
    }
}

private func count(_ connection: PostgresConnection) async throws -> Int64 {
    try await connection.run { try $0.number("SELECT count(*) FROM t") }
}

private func expectUsableAndEmpty(
    _ connection: PostgresConnection, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    #expect(try await count(connection) == 0, sourceLocation: sourceLocation)
    let number = try await connection.run { session in
        try session.pipeline { pipeline in
            try pipeline.send("SELECT $1::integer", [.int32(7)])
            try pipeline.flush()
            return try pipeline.receive().int32(0, 0)
        }
    }
    #expect(number == 7, sourceLocation: sourceLocation)
}
