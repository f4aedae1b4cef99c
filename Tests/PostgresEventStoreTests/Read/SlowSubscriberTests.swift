import EventSourcing
import PostgresClient
import Testing

@testable import PostgresEventStore

@Suite struct `A slow subscriber` {
    /// 12,000 events of 1 KiB: what a subscriber that stands still would have to keep if the store queued for it.
    private static let count = 12_000

    @Test func `neither holds up others nor is given more than it asks for, and misses nothing`() async throws {
        try await StoreFixture().withStore { store in
            let slow = CountingStore(base: store)
            try await fill(store, Self.count / 2)
            let slowBatches = slow.subscribe(after: .start, pageSize: 500).makeAsyncIterator()
            var seen = try await positions(slowBatches)

            // While it stands still, the log grows and a fast reader keeps up with it.
            async let fast = read(store, from: .start, through: Position(rawValue: Int64(Self.count)))
            try await fill(store, Self.count / 2)
            #expect(try await fast == Self.count)
            #expect(await slow.reads.count <= 2, "the page that it handles, and the one after it")

            while seen.count < Self.count { seen += try await positions(slowBatches) }
            #expect(seen.map(\.rawValue) == Array(1...Int64(Self.count)))
            #expect(await slow.reads.count <= 2 + Self.count / 500 + 1)
        }
    }

    private func positions(_ batches: EventSubscription<CountingStore>.Iterator) async throws -> [Position] {
        try await batches.next()?.events.map(\.position) ?? []
    }

    private func read(_ store: PostgresEventStore, from start: Position, through end: Position) async throws -> Int {
        var count = 0
        for try await batch in store.subscribe(after: start) {
            count += batch.events.count
            if batch.position >= end { break }
        }
        return count
    }

    private func fill(_ store: PostgresEventStore, _ count: Int) async throws {
        for _ in 0..<(count / 1_000) {
            let events = (0..<1_000).map { _ in
                NewEvent(
                    type: "Happened", contentType: .binary, payload: Array(repeating: 7, count: 1_024),
                    metadata: EventMetadata(correlationID: .make(), actor: "test"))
            }
            _ = try await store.append(events, to: newStream(), expecting: .noStream)
        }
    }
}

/// Counts the pages that are asked for.
private struct CountingStore: EventStore {
    actor Reads {
        private(set) var count = 0
        func note() { count += 1 }
    }

    let base: PostgresEventStore
    let reads = Reads()

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: Int
    ) async throws(EventStoreError) -> LogPage {
        await reads.note()
        return try await base.readLog(after: position, direction, filter: filter, limit: limit)
    }

    func waitForEvents(after position: Position, timeout: Duration) async throws(EventStoreError) -> Position {
        try await base.waitForEvents(after: position, timeout: timeout)
    }

    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt { try await base.append(appends, provided: conditions) }

    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws(EventStoreError) -> [RecordedEvent] {
        try await base.read(stream, from: revision, direction, limit: limit)
    }

    func head() async throws(EventStoreError) -> Position { try await base.head() }

    func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent? {
        try await base.find(id, in: stream)
    }

    func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot? {
        try await base.loadSnapshot(of: stream, schema: schema)
    }

    func save(_ snapshot: Snapshot, of stream: StreamName) async throws(EventStoreError) {
        try await base.save(snapshot, of: stream)
    }

    func events(correlatedBy id: CorrelationID, limit: Int) async throws(EventStoreError) -> [RecordedEvent] {
        try await base.events(correlatedBy: id, limit: limit)
    }

    func streams(
        in category: StreamCategory?, after stream: StreamName?, limit: Int
    ) async throws(EventStoreError) -> [StreamSummary] {
        try await base.streams(in: category, after: stream, limit: limit)
    }

    func categories(limit: Int) async throws(EventStoreError) -> [String] { try await base.categories(limit: limit) }
}
