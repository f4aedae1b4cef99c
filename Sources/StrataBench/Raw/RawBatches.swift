internal import EventSourcing
internal import Foundation
internal import PostgresClient
internal import PostgresEventStore

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
        let first = try await lastPosition()
        return try await Tally.count(writers: clients, within: window) { client in
            let connection = try await PostgresConnection.connect(database.plainConnection)
            // Each client has a range of positions of its own.
            let base = first + Int64(client) << 32
            let tally = try await Tally.count(within: window) { call in
                let events = StrataWriter.imported(size, perStream: size)
                try await insert(events, after: base + Int64(call * size), on: connection)
                return size
            }
            await connection.close()
            return tally
        }
    }

    /// `total` rows in streams of ten, `size` at a time, by one connection.
    ///
    /// - Returns: How many were inserted a second.
    func insert(_ size: Int, total: Int) async throws -> Double {
        let first = try await lastPosition()
        let connection = try await PostgresConnection.connect(database.plainConnection)
        let took = try await ContinuousClock().measure {
            for start in stride(from: 0, to: total, by: size) {
                let events = StrataWriter.imported(size, perStream: 10)
                try await insert(events, after: first + Int64(start), on: connection)
            }
        }
        await connection.close()
        return Double(total) / took.seconds
    }

    private func insert(
        _ events: [ImportedEvent], after position: Int64, on connection: PostgresConnection
    ) async throws {
        let rows = Self.rows(events, position)
        try await connection.run { session in _ = try session.execute(Self.statement, rows) }
    }

    private func lastPosition() async throws -> Int64 {
        try await database.run { session in
            try session.execute("SELECT coalesce(max(position), 0) FROM raw.events").int64(0, 0)
        }
    }

    /// The same rows as Strata's, but for their order in streams.
    private static func rows(_ events: [ImportedEvent], _ position: Int64) -> [PostgresValue] {
        let metadata = Array("{\"actor\":\"bench\"}".utf8)[...]
        return [
            .int64(position),
            .int16Array(Array(repeating: 1, count: events.count)),
            .int16Array(Array(repeating: 0, count: events.count)),
            .uuidArray(events.map { $0.event.id.rawValue.uuid }),
            .textArray(events.map(\.stream.rawValue)),
            .textArray(Array(repeating: "Measured", count: events.count)),
            .bytesArray(Array(repeating: metadata, count: events.count)),
            .bytesArray(events.map { $0.event.payload[...] }),
        ]
    }
}
