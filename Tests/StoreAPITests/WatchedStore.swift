import EventSourcing
import EventSourcingTesting
import NIOConcurrencyHelpers

/// A store that counts its subscriptions, and the events that readers of the log get, by the categories they ask for;
/// and that can be made to fail.
final class WatchedStore: ForwardingStore {
    private struct State {
        var counts: [String: Int] = [:]
        var openedSubscriptions = 0
        var openSubscriptions = 0
        var failure: EventStoreError?
        var readingFailure: EventStoreError?
    }

    let base = InMemoryEventStore()
    private let state = NIOLockedValueBox(State())

    /// Events that were read from the log by whoever asks for `category` alone.
    func readCount(_ category: String) -> Int { state.withLockedValue { $0.counts[category, default: 0] } }

    /// Subscriptions that there have been.
    var openedSubscriptionCount: Int { state.withLockedValue { $0.openedSubscriptions } }

    /// Subscriptions that there are.
    var openSubscriptionCount: Int { state.withLockedValue { $0.openSubscriptions } }

    /// From now on every call fails with `error`.
    func fail(with error: EventStoreError) { state.withLockedValue { $0.failure = error } }

    /// From now on reading the log fails with `error`, and nothing else does.
    func failReadingTheLog(with error: EventStoreError) { state.withLockedValue { $0.readingFailure = error } }

    private func check() throws(EventStoreError) {
        if let failure = state.withLockedValue({ $0.failure }) { throw failure }
    }

    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        try check()
        return try await base.append(appends, provided: conditions)
    }

    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: PageSize
    ) async throws(EventStoreError) -> StreamPage {
        try check()
        return try await base.read(stream, from: revision, direction, limit: limit)
    }

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize
    ) async throws(EventStoreError) -> LogPage {
        try check()
        if let failure = state.withLockedValue({ $0.readingFailure }) { throw failure }
        let page = try await base.readLog(after: position, direction, filter: filter, limit: limit)
        if let category = filter.categories?.first {
            state.withLockedValue { $0.counts[category.rawValue, default: 0] += page.events.count }
        }
        return page
    }

    func head() async throws(EventStoreError) -> Position {
        try check()
        return try await base.head()
    }

    func openSubscription() throws(EventStoreError) -> SubscriptionSlot {
        state.withLockedValue { state in
            state.openedSubscriptions += 1
            state.openSubscriptions += 1
        }
        return SubscriptionSlot { [state] in state.withLockedValue { $0.openSubscriptions -= 1 } }
    }

    func streams(
        in category: StreamCategory?, after stream: StreamName?, limit: Int
    ) async throws(EventStoreError) -> [StreamSummary] {
        try check()
        return try await base.streams(in: category, after: stream, limit: limit)
    }

    func categories(limit: Int) async throws(EventStoreError) -> [String] {
        try check()
        return try await base.categories(limit: limit)
    }
}
