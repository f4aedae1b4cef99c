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
            var records = PostgresRecords(of: try session.objectID(ofType: "thing"), byteCount: 0)
            for (name, big) in [("é,\"{}", Int64.max), ("", -1)] {
                var fields = PostgresFields(reserving: 5, byteCount: 0)
                fields.append(Int16(-2))
                fields.append(name)
                fields.append(String?.none)
                fields.append([0, 255])
                fields.append(name.isEmpty ? nil : id)
                records.append(fields, last: big)
            }
            let rows = try session.execute(
                """
                SELECT concat_ws('|', small, name, nothing IS NULL, bytes, coalesce(id::text, '-'), big)
                FROM unnest($1::thing[]) WITH ORDINALITY AS row (small, name, nothing, bytes, id, big, number)
                ORDER BY number
                """, [.records(records)])
            return (0..<rows.rowCount).map { rows.text($0, 0) }
        }
        #expect(
            rows == [
                "-2|é,\"{}|t|\\x00ff|00010203-0405-0607-0809-0a0b0c0d0e0f|\(Int64.max)", "-2||t|\\x00ff|-|-1",
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
