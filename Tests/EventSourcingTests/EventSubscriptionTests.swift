import EventSourcing
import Testing

@Suite struct `A subscription` {
    private let store = WatchedStore()

    @Test func `gives the history in pages, then what is appended`() async throws {
        for number in 0..<5 { try await fill(number) }
        let batches = store.subscribe(after: .start, pageSize: 2).makeAsyncIterator()
        #expect(try await positions(batches) == [1, 2])
        #expect(try await positions(batches) == [3, 4])
        #expect(try await positions(batches) == [5])
        async let next = positions(batches)
        try await fill(5)
        #expect(try await next == [6])
    }

    @Test func `begins where its reader has come to`() async throws {
        for number in 0..<3 { try await fill(number) }
        let batches = store.subscribe(after: Position(rawValue: 2)).makeAsyncIterator()
        #expect(try await positions(batches) == [3])
    }

    @Test func `takes its reader past events that do not match`() async throws {
        for number in 0..<3 { try await fill(number) }
        let batches = store.subscribe(after: .start, filter: EventFilter(types: ["taken"])).makeAsyncIterator()
        let batch = try #require(try await batches.next())
        #expect(batch.events.isEmpty)
        #expect(batch.position == Position(rawValue: 3))
        #expect(batch.isLive)
    }

    @Test func `says when its reader is behind`() async throws {
        for number in 0..<3 { try await fill(number) }
        let batches = store.subscribe(after: .start, pageSize: 2).makeAsyncIterator()
        let batch = try #require(try await batches.next())
        #expect(!batch.isLive)
        #expect(batch.head == Position(rawValue: 3))
    }

    @Test func `ends when its task is cancelled while it waits`() async throws {
        try await fill(1)
        let store = store
        let (live, continuation) = AsyncStream.makeStream(of: Void.self)
        let reader = Task {
            var count = 0
            for try await batch in store.subscribe(after: .start) {
                count += batch.events.count
                continuation.yield()
            }
            return count
        }
        for await _ in live { break }
        reader.cancel()
        #expect(try await reader.value == 1)
    }

    @Test func `ends when its task is cancelled while history is read`() async throws {
        for number in 0..<100 { try await fill(number) }
        let store = store
        for afterBatches in 0..<5 {
            let reader = Task {
                var count = 0
                for try await _ in store.subscribe(after: .start, pageSize: 1) {
                    if count == afterBatches { withUnsafeCurrentTask { $0?.cancel() } }
                    count += 1
                }
                return count
            }
            #expect(try await reader.value == afterBatches + 1)
        }
    }

    @Test func `misses nothing and repeats nothing while others append`() async throws {
        let store = store
        let writer = Task {
            for number in 0..<300 { try await fill(number % 10) }
        }
        var seen: [Int64] = []
        for try await batch in store.subscribe(after: .start, pageSize: 7) {
            seen += batch.events.map(\.position.rawValue)
            if seen.count >= 300 { break }
        }
        try await writer.value
        #expect(seen == Array(1...300))
    }

    private func fill(_ number: Int) async throws {
        let event = try NewEvent(
            Jar.Event.filled(number), metadata: EventMetadata(correlationID: .make(), actor: "test"))
        _ = try await store.append([event], to: jarStream, expecting: .any)
    }

    private func positions(_ batches: EventSubscription<WatchedStore>.Iterator) async throws -> [Int64] {
        try #require(try await batches.next()).events.map(\.position.rawValue)
    }
}
