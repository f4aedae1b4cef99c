import EventSourcing
import EventSourcingTesting
import NIOConcurrencyHelpers
import Testing

@Suite struct `A subscription that meets an error` {
    private let left = FailingLog("left")
    private let right = FailingLog("right")
    private let store: RoutedEventStore<FailingLog>

    init() { store = RoutedEventStore([left, right], routing: LogRouting(default: "left")) }

    @Test func `to several logs throws it again and again, and does not go on without the log`() async throws {
        for log in [left, right] { try await fill(log) }
        let batches = store.subscribe(after: LogPositions()).makeAsyncIterator()
        var seen: Set<LogName> = []
        while seen.count < 2 {
            let batch = try #require(try await batches.next())
            seen.insert(batch.log)
        }
        right.fail()
        for log in [left, right] { try await fill(log) }
        // What the other log has to say may still come before the error, and nothing comes after it.
        for _ in 0..<3 {
            let error = await error(of: batches)
            #expect(error?.message == FailingLog.words)
            try await fill(left)
        }
    }

    @Test func `to one log tries again where it was`() async throws {
        try await fill(left)
        let batches = left.subscribe(after: .start).makeAsyncIterator()
        let first = try #require(try await batches.next())
        #expect(first.position == Position(rawValue: 1))
        try await fill(left)
        left.fail()
        do throws(EventStoreError) {
            let batch = try await batches.next()
            Issue.record("there was an answer: \(String(describing: batch))")
        } catch {
            #expect(error.message == FailingLog.words)
        }
        left.heal()
        let second = try #require(try await batches.next())
        #expect(second.position == Position(rawValue: 2))
    }

    /// Reads on until there is an error.
    private func error(of batches: MergedSubscription<FailingLog>.Iterator) async -> EventStoreError? {
        do throws(EventStoreError) {
            while try await batches.next() != nil {}
            return nil
        } catch {
            return error
        }
    }

    private func fill(_ log: FailingLog) async throws {
        let event = try NewEvent(Jar.Event.filled(1), metadata: EventMetadata(correlationID: .make(), actor: "test"))
        _ = try await log.append([event], to: jarStream, expecting: .any)
    }
}

/// A log whose events cannot be read for a while.
private final class FailingLog: ForwardingStore {
    static let words = "The line is down."

    let base: InMemoryEventStore
    private let isDown = NIOLockedValueBox(false)

    init(_ name: LogName) { base = InMemoryEventStore(log: name) }

    func fail() { isDown.withLockedValue { $0 = true } }
    func heal() { isDown.withLockedValue { $0 = false } }

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize
    ) async throws(EventStoreError) -> LogPage {
        guard !isDown.withLockedValue({ $0 }) else { throw EventStoreError(.unavailable, Self.words) }
        return try await base.readLog(after: position, direction, filter: filter, limit: limit)
    }
}
