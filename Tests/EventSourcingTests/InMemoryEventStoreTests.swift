import EventSourcingTesting
import NIOConcurrencyHelpers
import Testing

@testable import EventSourcing

@Suite struct InMemoryEventStoreTests {
    @Test func `keeps the contract of event stores`() async throws {
        try await EventStoreContract(InMemoryEventStore()).verify()
    }

    @Test func `forgets who does not wait any more`() async throws {
        let store = InMemoryEventStore()
        for _ in 0..<3 { _ = try await store.waitForEvents(after: .start, timeout: .milliseconds(1)) }
        #expect(store.waiterCount == 0)
        let waiting = Task { try await store.waitForEvents(after: .start, timeout: .seconds(60)) }
        while store.waiterCount == 0 { await Task.yield() }
        waiting.cancel()
        _ = try await waiting.value
        #expect(store.waiterCount == 0)
    }

    @Test func `takes no more subscriptions than its limit, and one more when one has ended`() async throws {
        let store = InMemoryEventStore(readLimits: ReadLimits(subscriptionsMax: 1))
        try await CommandExecutor(store: store).jar(.fill(1))
        var first: EventSubscription<InMemoryEventStore>.Iterator? = store.subscribe(after: .start)
            .makeAsyncIterator()
        #expect(try await first?.next()?.events.count == 1)
        let second = store.subscribe(after: .start).makeAsyncIterator()
        await #expect(throws: EventStoreError.self) { try await second.next() }
        first = nil
        #expect(try await second.next()?.events.count == 1)
    }

    /// Times say when; order is the position's alone.
    @Test func `keeps its order when its clock jumps back`() async throws {
        let clock = NIOLockedValueBox(Int64(1_000))
        let store = InMemoryEventStore(now: {
            Timestamp(
                microsecondsSince1970: clock.withLockedValue { clock in
                    clock -= 7
                    return clock
                })
        })
        try await EventStoreContract(store).verify()
        let executor = CommandExecutor(store: store)
        for _ in 0..<5 { try await executor.jar(.fill(1)) }
        let events = try await store.readAll(jarStream)
        #expect(events.map(\.revision.rawValue) == [0, 1, 2, 3, 4])
        #expect(
            zip(events, events.dropFirst()).allSatisfy {
                $0.recordedAt.microsecondsSince1970 > $1.recordedAt.microsecondsSince1970
            })
        #expect(try await CommandExecutor(store: store).state(of: "1", as: Jar.self).state.coins == 5)
    }
}
