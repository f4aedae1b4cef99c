import EventSourcing
import PostgresClient
import PostgresServer
import Testing

@testable import PostgresEventStore

@Suite struct `A clock that jumps back` {
    /// Times are the server's, and say when; order is the position's alone.
    @Test func `changes nothing in what is read, and in which order`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.run { session in
            try session.executeScript(
                """
                INSERT INTO strata.events (
                    log, schema_version, content_type, position, revision, recorded_at, event_id, correlation_id,
                    stream, type, metadata, payload, tags
                )
                SELECT 1, 1, 0, n, n - 1, timestamptz '2026-01-01' - n * interval '1 day', gen_random_uuid(),
                    '00000000-0000-0000-0000-000000000001', 'clock-1', 'Ticked', '{"actor":"sql"}', '{}', 'clock:1'
                FROM generate_series(1, 20) AS n;
                INSERT INTO strata.event_tags (log, position, tag, type)
                SELECT 1, n, 'clock:1', 'Ticked' FROM generate_series(1, 20) AS n;
                UPDATE strata.logs SET head = 20 WHERE id = 1
                """)
        }
        try await fixture.withStore { store in
            let all = Array(1...20 as ClosedRange<Int64>)
            for filter in [
                EventFilter.all, EventFilter(types: ["Ticked"]), EventFilter(query: EventQuery(tagged: "clock:1")),
            ] {
                let forwards = try await store.readLog(after: nil, .forwards, filter: filter, limit: 100)
                #expect(forwards.events.map(\.position.rawValue) == all)
                let backwards = try await store.readLog(after: nil, .backwards, filter: filter, limit: 100)
                #expect(backwards.events.map(\.position.rawValue) == all.reversed())
            }
            let stream = StreamCategory("clock").stream("1")
            #expect(try await store.readAll(stream, pageSize: 7).map(\.position.rawValue) == all)
            let correlation = try #require(CorrelationID("00000000-0000-0000-0000-000000000001"))
            let correlated = try await store.events(correlatedBy: correlation, limit: 100).events
            #expect(correlated.map(\.position.rawValue) == all)
            let next = try await store.append([event()], to: stream, expecting: .exact(Revision(rawValue: 19)))
            #expect(next.position == Position(rawValue: 21))
        }
    }
}
