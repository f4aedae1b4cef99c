internal import Foundation
internal import PostgresClient

/// `INSERT … SELECT FROM unnest` into the equal table, by the same client library, over the same kind of connection, as
/// a prepared statement with binary arrays. Nothing is locked, looked up, numbered densely or announced.
struct RawBatches: Sendable {
    let database: BenchDatabase

    private static let statement = """
        INSERT INTO raw.events (
            log, position, recorded_at, schema_version, content_type, revision, event_id, correlation_id, causation_id,
            stream, type, metadata, payload
        )
        SELECT 1, $1 + e.number, now(), e.schema_version, e.content_type, e.number, e.id, e.id, e.id, e.stream, e.type,
            e.metadata, e.payload
        FROM unnest(
            $2::smallint[], $3::smallint[], $4::uuid[], $5::text[], $6::text[], $7::bytea[], $8::bytea[]
        ) WITH ORDINALITY AS e (schema_version, content_type, id, stream, type, metadata, payload, number)
        """

    /// `size` rows and a commit at a time, by as many connections as there are clients.
    func insert(_ size: Int, clients: Int, within window: Window) async throws -> Tally {
        let first = try await database.run { session in
            try session.execute("SELECT coalesce(max(position), 0) FROM raw.events").int64(0, 0)
        }
        return try await Tally.count(writers: clients, within: window) { client in
            let connection = try await PostgresConnection.connect(database.plainConnection)
            // Each client has a range of positions of its own.
            let base = first + Int64(client) << 32
            let tally = try await Tally.count(within: window) { call in
                let position = base + Int64(call * size)
                let rows = Self.rows(size, position)
                try await connection.run { session in _ = try session.execute(Self.statement, rows) }
                return size
            }
            await connection.close()
            return tally
        }
    }

    private static func rows(_ size: Int, _ position: Int64) -> [PostgresValue] {
        let metadata = Array("{\"actor\":\"bench\"}".utf8)[...]
        let ids = (1...size).map { identifier(UInt64(position) + UInt64($0)) }
        let number = String(position, radix: 16)
        let stream = "bench-" + String(repeating: "0", count: 36 - number.count) + number
        return [
            .int64(position),
            .int16Array(Array(repeating: 1, count: size)),
            .int16Array(Array(repeating: 0, count: size)),
            .uuidArray(ids),
            .textArray(Array(repeating: stream, count: size)),
            .textArray(Array(repeating: "Measured", count: size)),
            .bytesArray(Array(repeating: metadata, count: size)),
            .bytesArray(Array(repeating: StrataWriter.payload[...], count: size)),
        ]
    }

    /// Ids in the order of the positions, as Strata's are in the order of time.
    private static func identifier(_ number: UInt64) -> PostgresValue.UUIDBytes {
        func byte(_ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: number >> (56 - 8 * index)) }
        return (0, 0, 0, 0, 0, 0, 0, 0, byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7))
    }
}
