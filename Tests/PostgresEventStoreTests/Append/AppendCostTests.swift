import EventSourcing
import PostgresClient
import Support
import Testing

@testable import PostgresEventStore

@Suite struct `An append at an exact revision` {
    /// Whoever holds the log's lock holds up all others.
    @Test func `is decided where its events would stand, however long the stream is`() async throws {
        let fixture = try await StoreFixture()
        let (stream, length) = (newStream(), Int64(20_000))
        try await fill(stream, length, fixture)
        let before = try await entriesRead(fixture)
        try await fixture.withStore { store in
            let first = event()
            let receipt = try await store.append([first], to: stream, expecting: .exact(Revision(rawValue: length - 1)))
            #expect(receipt.streams.map(\.revision.rawValue) == [length])
            for stale in [ExpectedRevision.noStream, .exact(.first), .exact(Revision(rawValue: length - 1))] {
                await expectError(.conflict, "") { _ = try await store.append([event()], to: stream, expecting: stale) }
            }
            let again = try await store.append([first], to: stream, expecting: .exact(Revision(rawValue: length - 1)))
            #expect(again.isRepeat && again.streams == receipt.streams)
        }
        // A session that ends leaves what it has counted.
        try await eventually { try await entriesRead(fixture) > before }
        #expect(try await entriesRead(fixture) - before < 100)
    }

    private func fill(_ stream: StreamName, _ length: Int64, _ fixture: StoreFixture) async throws {
        try await fixture.run { session in
            try session.execute(
                """
                INSERT INTO strata.events (log, schema_version, content_type, position, revision, recorded_at, event_id,
                    correlation_id, stream, type, metadata, payload)
                SELECT 1, 1, 1, n, n - 1, now(), gen_random_uuid(), gen_random_uuid(), $1, 'Happened', '{}', '{}'
                FROM generate_series(1, $2::bigint) AS n
                """, [.text(stream.rawValue), .int64(length)])
            try session.execute("UPDATE strata.logs SET head = $1 WHERE id = 1", [.int64(length)])
        }
    }

    private func entriesRead(_ fixture: StoreFixture) async throws -> Int64 {
        try await fixture.run { session in
            try session.execute(
                """
                SELECT COALESCE(idx_tup_read, 0) FROM pg_stat_user_indexes
                WHERE indexrelid = 'strata.events_by_stream'::regclass
                """
            ).int64(0, 0)
        }
    }
}
