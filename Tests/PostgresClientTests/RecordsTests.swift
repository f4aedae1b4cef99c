import PostgresClient
import PostgresServer
import Testing

@Suite struct `An array of records` {
    @Test func `is taken apart by the server as it was put together`() async throws {
        let database = try await TemporaryPostgres.database()
        let connection = try await PostgresConnection.connect(ConnectionConfiguration(connectionString: database))
        let rows = try await connection.run { session in
            try session.executeScript(
                "CREATE TYPE thing AS (small smallint, name text, nothing text, bytes bytea, id uuid, big bigint)")
            let id: PostgresValue.UUIDBytes = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
            var array = PostgresRecordArray(of: try session.objectID(ofType: "thing"), byteCount: 0)
            for (names, first) in [(["é,\"{}", ""], 7), (["x"], Int64.max)] {
                var records = PostgresRecords(reserving: 0, byteCount: 0)
                for name in names {
                    records.begin()
                    records.append(Int16(-2))
                    records.append(name)
                    records.append(String?.none)
                    records.append([0, 255])
                    records.append(name.isEmpty ? nil : id)
                    records.end()
                }
                array.append(records, numberedFrom: first)
            }
            #expect(array.count == 3)
            let rows = try session.execute(
                """
                SELECT concat_ws('|', small, name, nothing IS NULL, bytes, coalesce(id::text, '-'), big)
                FROM unnest($1::thing[]) WITH ORDINALITY AS row (small, name, nothing, bytes, id, big, number)
                ORDER BY number
                """, [.records(array)])
            return (0..<rows.rowCount).map { rows.text($0, 0) }
        }
        #expect(
            rows == [
                "-2|é,\"{}|t|\\x00ff|00010203-0405-0607-0809-0a0b0c0d0e0f|7", "-2||t|\\x00ff|-|8",
                "-2|x|t|\\x00ff|00010203-0405-0607-0809-0a0b0c0d0e0f|\(Int64.max)",
            ])
        await connection.close()
    }

    @Test func `of a type that is not there is an error that says so`() async throws {
        let database = try await TemporaryPostgres.database()
        let connection = try await PostgresConnection.connect(ConnectionConfiguration(connectionString: database))
        let error = await #expect(throws: PostgresError.self) {
            try await connection.run { session in try session.objectID(ofType: "no_such_thing") }
        }
        #expect(error?.sqlState == .undefinedObject)
        await connection.close()
    }
}
