import EventSourcing
import EventSourcingTesting
import PostgresClient
import PostgresEventStore
import Testing

@Suite struct AppendOrderTests {
    /// Besides the store, writers with plain SQL take the log's lock, dawdle and commit; readers follow all the while.
    @Test func `no reader sees a position before a lower one, however long writers take to commit`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        let fixture = try await StoreFixture()
        let total = Position(rawValue: 4 * 50 + 3 * 30)
        try await fixture.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask { try await expectEveryPositionInOrder(store, through: total, seed) }
                }
                for writer in 0..<3 {
                    group.addTask {
                        try await appendSlowly(30, fixture, Seeded(seed &+ UInt64(writer)))
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<50 { _ = try await store.append([event()], to: newStream(), expecting: .noStream) }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func expectEveryPositionInOrder(_ store: PostgresEventStore, through end: Position, _ seed: UInt64)
        async throws
    {
        var last = Position.start
        for try await batch in store.subscribe(after: .start, pageSize: 7) {
            for event in batch.events {
                #expect(event.position == last.advanced(by: 1), "seed \(seed)")
                last = event.position
            }
            if last >= end { break }
        }
    }

    private func appendSlowly(_ count: Int, _ fixture: StoreFixture, _ random: Seeded) async throws {
        try await fixture.run(as: "strata_application") { session in
            var random = random
            for _ in 0..<count {
                let delay = Double.random(in: 0...0.01, using: &random)
                try session.transaction { session in
                    try session.executeScript("SELECT head FROM strata.logs WHERE id = 1 FOR UPDATE")
                    try session.executeScript("SELECT pg_sleep(\(delay))")
                    try session.executeScript(
                        """
                        INSERT INTO strata.events (
                            log, schema_version, content_type, position, revision, recorded_at, event_id,
                            correlation_id, stream, type, metadata, payload
                        )
                        SELECT 1, 1, 1, head + 1, 0, now(), gen_random_uuid(), gen_random_uuid(),
                            'slow-' || gen_random_uuid(), 'Slow', '{"actor":"sql"}', ''
                        FROM strata.logs WHERE id = 1;
                        UPDATE strata.logs SET head = head + 1 WHERE id = 1
                        """)
                    try session.executeScript("SELECT pg_sleep(\(delay))")
                }
            }
        }
    }
}
