import EventSourcing
import PostgresClient
import Testing

@testable import PostgresEventStore

/// PostgreSQL has many ways to carry a statement out, and for most of them a log of millions of events is too long.
@Suite struct `A read looks at the events it gives and at no others` {
    private static let rare = EventQuery(tagged: "rare:1")
    private static let both = EventQuery([.init(tags: ["rare:1"]), .init(tags: ["rare:2", "all"])])
    private static let rareType = EventQuery(tagged: "all", types: ["Rare"])

    @Test(arguments: [false, true])
    func `whether PostgreSQL has statistics or not`(hasStatistics: Bool) async throws {
        let fixture = try await StoreFixture()
        let events = try await fill(fixture)
        if hasStatistics {
            try await fixture.run { try $0.executeScript("ANALYZE strata.events, strata.event_tags") }
        }
        let meter = ReadMeter(fixture)
        let reader = LogReader(log: .main, pool: meter.pool)
        func page(_ query: EventQuery, _ direction: ReadDirection, after position: Position? = nil) async throws -> Int
        {
            let filter = EventFilter(query: query)
            let start = position ?? (direction == .forwards ? nil : Position(rawValue: 3_001))
            return try await reader.page(reader.query(after: start, direction, filter: filter, 100)).events.count
        }
        for direction in [ReadDirection.forwards, .backwards] {
            try await meter.expect(3) { try await page(Self.rare, direction) }
            try await meter.expect(6) { try await page(Self.both, direction) }
            try await meter.expect(2) { try await page(Self.rareType, direction) }
        }
        try await meter.expect(0) { try await page(Self.rare, .forwards, after: Position(rawValue: 2_900)) }
        try await meter.expect(1) {
            try await reader.events(correlatedBy: events[7].metadata.correlationID, 100).count
        }
        try await meter.expect(0) { try await reader.events(correlatedBy: .make(), 100).count }
        try await meter.expect(10) { try await reader.read(Self.stream(5), from: nil, .backwards, 100).count }
        // The index has the ids, and PostgreSQL asks the table whether pages it has not vacuumed can be trusted.
        try await meter.expect(0, lookingAtMost: 10) {
            let kept = try await reader.look(for: .make(), in: Self.stream(5))
            return kept.events.count + kept.gaps.count
        }
        await meter.pool.close()
    }

    private static func stream(_ number: Int) -> StreamName { StreamCategory("test").stream("\(number)") }

    /// 3,000 events in streams of ten.
    private func fill(_ fixture: StoreFixture) async throws -> [NewEvent] {
        let events = (0..<3_000).map { index in
            var event = event(index % 1_500 == 700 ? "Rare" : "Common")
            event.tags = ["all"]
            if index % 1_000 == 300 { event.tags.insert("rare:1") }
            if index % 1_000 == 600 { event.tags.insert("rare:2") }
            return event
        }
        try await fixture.withStore { store in
            for start in stride(from: 0, to: events.count, by: 10) {
                _ = try await store.append(
                    Array(events[start..<start + 10]), to: Self.stream(start / 10), expecting: .noStream)
            }
        }
        return events
    }
}

/// Counts the rows of `strata.events` that statements fetch, which all go over one connection.
private struct ReadMeter {
    let pool: PostgresPool

    init(_ fixture: StoreFixture) {
        pool = PostgresPool(
            ConnectionConfiguration(
                connectionString: fixture.connectionString, role: "strata_application",
                settings: PostgresEventStore.plannerSettings),
            limits: .init(connectionsMax: 1))
    }

    private func fetched() async throws -> Int64 {
        try await pool.run { session in
            try session.execute("SELECT pg_stat_force_next_flush()")
            return try session.execute(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relid = 'strata.events'::regclass"
            ).int64(0, 0)
        }
    }

    func expect(
        _ events: Int, lookingAtMost fetchedMax: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation,
        _ read: () async throws -> Int
    ) async throws {
        let before = try await fetched()
        #expect(try await read() == events, sourceLocation: sourceLocation)
        let fetched = try await fetched() - before
        #expect(fetched <= fetchedMax ?? events, "rows that were fetched", sourceLocation: sourceLocation)
    }
}
