import EventSourcing
import EventSourcingTesting
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
private struct CountingStore: ForwardingStore {
    actor Reads {
        private(set) var count = 0
        func note() { count += 1 }
    }

    let base: PostgresEventStore
    let reads = Reads()

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize
    ) async throws(EventStoreError) -> LogPage {
        await reads.note()
        return try await base.readLog(after: position, direction, filter: filter, limit: limit)
    }
}
