import PostgresClient
import Testing

/// A value, its type, and the same value as SQL writes it.
private struct Row: Sendable, CustomTestStringConvertible {
    let type: String
    let sql: String
    let value: PostgresValue

    init(_ type: String, _ sql: String, _ value: PostgresValue) {
        self.type = type
        self.sql = sql
        self.value = value
    }

    var testDescription: String { "\(type) \(sql.prefix(60))" }
}

private let uuid: PostgresValue.UUIDBytes = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255)
private let uuidText = "01020304-0506-0708-090a-0b0c0d0e0fff"

@Suite struct `A value` {
    @Test(arguments: [
        Row("text", "NULL", .null),
        Row("bool", "true", .bool(true)), Row("bool", "false", .bool(false)),
        Row("smallint", "(-32768)::smallint", .int16(.min)), Row("smallint", "32767", .int16(.max)),
        Row("integer", "(-2147483648)::integer", .int32(.min)), Row("integer", "2147483647", .int32(.max)),
        Row("bigint", "(-9223372036854775808)::bigint", .int64(.min)),
        Row("bigint", "9223372036854775807", .int64(.max)), Row("bigint", "0", .int64(0)),
        Row("text", "''", .text("")), Row("text", "E'a''\"\\n\\\\ 日本 🙂'", .text("a'\"\n\\ 日本 🙂")),
        Row("bytea", "''", .bytes([])), Row("bytea", "'\\x00ff10'", .bytes([0, 255, 16])),
        Row("bytea", "'\\xff10'", .bytes([0, 255, 16, 1][1..<3])),
        Row("bytea", "decode(repeat('a5', 1048576), 'hex')", .bytes(.init(repeating: 0xa5, count: 1 << 20))),
        Row("uuid", "'\(uuidText)'", .uuid(uuid)),
        Row("timestamptz", "'1970-01-01T00:00:00Z'", .timestamp(microsecondsSince1970: 0)),
        Row("timestamptz", "'1969-12-31T23:59:59.999999Z'", .timestamp(microsecondsSince1970: -1)),
        Row("timestamptz", "'1999-12-31T23:59:59.999999Z'", .timestamp(microsecondsSince1970: 946_684_799_999_999)),
        Row("timestamptz", "'2000-01-01T00:00:00Z'", .timestamp(microsecondsSince1970: 946_684_800_000_000)),
        Row("timestamptz", "'0001-01-01T00:00:00Z'", .timestamp(microsecondsSince1970: -62_135_596_800_000_000)),
    ])
    private func `is what it is in SQL`(_ row: Row) async throws { try await expectSame(row) }

    @Test(arguments: [
        Row("smallint[]", "'{}'", .int16Array([])),
        Row("smallint[]", "'{-32768,0,32767}'", .int16Array([.min, 0, .max])),
        Row("bigint[]", "'{}'", .int64Array([])),
        Row("bigint[]", "'{-9223372036854775808,1}'", .int64Array([.min, 1])),
        Row("text[]", "'{}'", .textArray([])),
        Row("text[]", "ARRAY['', 'a,b', '{\"NULL\"}']", .textArray(["", "a,b", "{\"NULL\"}"])),
        Row("text[]", "ARRAY[NULL, '', 'NULL']", .optionalTextArray([nil, "", "NULL"])),
        Row("text[]", "'{NULL}'", .optionalTextArray([nil])), Row("text[]", "'{}'", .optionalTextArray([])),
        Row("bytea[]", "'{}'", .bytesArray([])),
        Row("bytea[]", "ARRAY['\\x'::bytea, '\\x00ff']", .bytesArray([[], [0, 255]])),
        Row("uuid[]", "'{}'", .uuidArray([])), Row("uuid[]", "'{\(uuidText),\(uuidText)}'", .uuidArray([uuid, uuid])),
        Row("timestamptz[]", "'{}'", .timestampArray([])),
        Row(
            "timestamptz[]", "'{1969-12-31T23:59:59.999999Z,2000-01-01T00:00:00Z}'",
            .timestampArray([-1, 946_684_800_000_000])),
    ])
    private func `that is an array is what it is in SQL`(_ row: Row) async throws { try await expectSame(row) }

    private func expectSame(_ row: Row) async throws {
        let isSame = try await withConnection { connection in
            try await connection.run { session in
                try session.execute(
                    "SELECT ($1::\(row.type)) IS NOT DISTINCT FROM (\(row.sql))::\(row.type)", [row.value]
                ).bool(0, 0)
            }
        }
        #expect(isSame)
    }

    @Test func `is read as it was sent`() async throws {
        try await withConnection { connection in
            try await connection.run { session in
                let row = try session.execute(
                    """
                    SELECT $1::smallint, $2::integer, $3::bigint, $4::bool, $5::text, $6::bytea, $7::timestamptz, $8::text
                    """,
                    [
                        .int16(-2), .int32(-3), .int64(-4), .bool(true), .text("é"), .bytes([0, 1]),
                        .timestamp(microsecondsSince1970: -5), .null,
                    ])
                let numbers = [
                    Int64(try row.int16(0, 0)), Int64(try row.int32(0, 1)), try row.int64(0, 2),
                    try row.timestampMicroseconds(0, 6),
                ]
                let (isTrue, text, bytes) = (try row.bool(0, 3), row.text(0, 4), row.bytes(0, 5))
                #expect(numbers == [-2, -3, -4, -5])
                #expect(isTrue)
                #expect(text == "é")
                #expect(bytes == [0, 1])
                let nulls = [row.isNull(0, 5), row.isNull(0, 7)]
                #expect(nulls == [false, true])
            }
        }
    }

    @Test func `of another size than is asked for is told from it`() async throws {
        try await withConnection { connection in
            await expect(.protocolViolation) {
                try await connection.run { _ = try $0.execute("SELECT 1::integer").int64(0, 0) }
            }
        }
    }

    @Test func `that was changed is counted`() async throws {
        try await withConnection { connection in
            let counts = try await connection.run { session in
                try session.executeScript("CREATE TABLE t AS SELECT generate_series(1, 5) AS n")
                return [
                    try session.execute("UPDATE t SET n = n + 10 WHERE n > $1", [.int32(2)]).affectedRowCount,
                    try session.execute("DELETE FROM t WHERE n > 100").affectedRowCount,
                ]
            }
            #expect(counts == [3, 0])
        }
    }
}
