import EventSourcing
import PostgresClient
import Testing

@Suite struct `The view for people with psql` {
    @Test func `shows payloads, metadata and tags, also of text that jsonb cannot hold`() async throws {
        let fixture = try await StoreFixture()
        var tagged = event()
        tagged.tags = ["sku:1", "customer:2"]
        let odd = NewEvent(
            type: "Noted", payload: Array(#"{"text":"a\u0000b"}"#.utf8),
            metadata: EventMetadata(correlationID: .make(), actor: "ann"))
        try await fixture.withStore { [events = [tagged, odd]] store in
            _ = try await store.append(events, to: newStream(), expecting: .noStream)
        }
        let rows = try await fixture.run(as: "strata_application") { session in
            let rows = try session.execute(
                """
                SELECT type, payload::text, metadata->>'actor', COALESCE(array_to_string(tags, ' '), '')
                FROM strata.readable_events ORDER BY position
                """)
            return (0..<rows.rowCount).map { row in (0..<4).map { rows.text(row, $0) } }
        }
        #expect(
            rows == [
                ["Happened", "{}", "test", "customer:2 sku:1"],
                ["Noted", #"{"text":"a\u0000b"}"#, "ann", ""],
            ])
    }
}
