import PostgresClient
import Testing

@Suite struct `Copying in` {
    @Test func `stores rows of text, wherever they are cut`() async throws {
        try await withTable { connection in
            let count = try await connection.run { session in
                try session.copyIn("COPY t FROM STDIN") { send in
                    for byte in "1\tone\n2\ttwo\n3\t\\N\n".utf8 { try withUnsafeBytes(of: byte, send) }
                }
            }
            #expect(count == 3)
            #expect(try await rows(connection) == ["1 one", "2 two", "3 -"])
        }
    }

    @Test func `stores rows in binary`() async throws {
        try await withTable { connection in
            let count = try await connection.run { session in
                try session.copyIn("COPY t FROM STDIN (FORMAT binary)") { send in
                    try BinaryRows(count: 1_000).bytes.withUnsafeBytes(send)
                }
            }
            #expect(count == 1_000)
            #expect(try await connection.run { try $0.number("SELECT sum(n) FROM t WHERE word = 'word'") } == 499_500)
        }
    }

    @Test func `keeps nothing when the sender fails in the middle`() async throws {
        try await withTable { connection in
            await #expect(throws: OnPurpose.self) {
                try await connection.run { session in
                    _ = try session.copyIn("COPY t FROM STDIN") { send in
                        try Array("1\tone\n".utf8).withUnsafeBytes(send)
                        throw OnPurpose()
                    }
                }
            }
            let kept = try await rows(connection)
            #expect(kept.isEmpty)
        }
    }

    @Test func `keeps nothing when the server refuses a row`() async throws {
        try await withTable { connection in
            await expect(.server, .uniqueViolation) {
                try await connection.run { session in
                    _ = try session.copyIn("COPY t FROM STDIN") { send in
                        for _ in 0..<2 { try Array("1\tone\n".utf8).withUnsafeBytes(send) }
                    }
                }
            }
            let kept = try await rows(connection)
            #expect(kept.isEmpty)
        }
    }

    @Test func `of nothing stores nothing`() async throws {
        try await withTable { connection in
            let count = try await connection.run { session in try session.copyIn("COPY t FROM STDIN") { _ in } }
            #expect(count == 0)
        }
    }

    @Test func `with a statement that copies nothing says so`() async throws {
        try await withTable { connection in
            await expect(.protocolViolation) {
                try await connection.run { _ = try $0.copyIn("SELECT 1") { _ in } }
            }
            let kept = try await rows(connection)
            #expect(kept.isEmpty)
        }
    }
}

@Suite struct `Copying out` {
    @Test func `gives one row at a time`() async throws {
        try await withConnection { connection in
            let rows = try await connection.run { session in
                var rows: [String] = []
                try session.copyOut("COPY (SELECT n, 'é' FROM generate_series(1, 3) AS n) TO STDOUT") { row in
                    rows.append(String(decoding: row, as: UTF8.self))
                }
                return rows
            }
            #expect(rows == ["1\té\n", "2\té\n", "3\té\n"])
        }
    }

    @Test func `gives in binary what can be copied in again`() async throws {
        try await withTable { connection in
            let counts = try await connection.run { session in
                var bytes: [UInt8] = []
                let sql = "COPY (SELECT n, repeat('x', n) FROM generate_series(1, 500) AS n) TO STDOUT (FORMAT binary)"
                try session.copyOut(sql) { bytes.append(contentsOf: $0) }
                let stored = try session.copyIn("COPY t FROM STDIN (FORMAT binary)") { send in
                    try bytes.withUnsafeBytes(send)
                }
                return [Int64(stored), try session.number("SELECT sum(length(word)) FROM t")]
            }
            #expect(counts == [500, 125_250])
        }
    }

    @Test func `leaves the connection usable when the receiver fails`() async throws {
        try await withConnection { connection in
            await #expect(throws: OnPurpose.self) {
                try await connection.run { session in
                    try session.copyOut("COPY (SELECT generate_series(1, 100000)) TO STDOUT") { _ in throw OnPurpose() }
                }
            }
            let next = try await connection.run { try $0.number("SELECT 5::bigint") }
            #expect(next == 5)
        }
    }

    @Test func `that the server ends in the middle fails and leaves the connection usable`() async throws {
        try await withConnection { connection in
            await expect(.server, SQLState(rawValue: "22012")) {
                try await connection.run { session in
                    try session.copyOut("COPY (SELECT 1 / (50 - n) FROM generate_series(1, 100) AS n) TO STDOUT") { _ in
                    }
                }
            }
            let next = try await connection.run { try $0.number("SELECT 5::bigint") }
            #expect(next == 5)
        }
    }
}

private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
    try await withConnection { connection in
        try await connection.run { try $0.executeScript("CREATE TABLE t (n integer UNIQUE, word text)") }
        try await body(connection)
    }
}

private func rows(_ connection: PostgresConnection) async throws -> [String] {
    try await connection.run { try $0.text("SELECT n || ' ' || coalesce(word, '-') FROM t ORDER BY n") }
}

/// Rows of a number and a word, as `COPY` takes them in binary.
private struct BinaryRows {
    private(set) var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0]

    init(count: Int32) {
        append(Int32(0))
        append(Int32(0))
        for number in 0..<count {
            append(Int16(2))
            append(Int32(4))
            append(number)
            append(Int32(4))
            bytes += Array("word".utf8)
        }
        append(Int16(-1))
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
