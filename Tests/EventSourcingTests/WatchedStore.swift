import EventSourcing
import EventSourcingTesting
import NIOConcurrencyHelpers

/// A store that counts what it is asked for, and lets a test step in before an append.
final class WatchedStore: ForwardingStore {
    struct Counts: Equatable {
        var appends = 0
        var reads = 0
        var finds = 0
        var snapshotLoads = 0
    }

    private struct State {
        var counts = Counts()
        var beforeAppend: (@Sendable () async throws(EventStoreError) -> Void)?
    }

    let base: InMemoryEventStore
    private let state = NIOLockedValueBox(State())

    init(_ base: InMemoryEventStore = InMemoryEventStore()) { self.base = base }

    var counts: Counts { state.withLockedValue { $0.counts } }

    /// Called before each append is passed on.
    func beforeAppend(_ action: (@Sendable () async throws(EventStoreError) -> Void)?) {
        state.withLockedValue { $0.beforeAppend = action }
    }

    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        let action = state.withLockedValue { state in
            state.counts.appends += 1
            return state.beforeAppend
        }
        try await action?()
        return try await base.append(appends, provided: conditions)
    }

    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: PageSize
    ) async throws(EventStoreError) -> StreamPage {
        state.withLockedValue { $0.counts.reads += 1 }
        return try await base.read(stream, from: revision, direction, limit: limit)
    }

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize
    ) async throws(EventStoreError) -> LogPage {
        // As a store does whose statement is cancelled with its task.
        guard !Task.isCancelled else { throw EventStoreError(.unavailable, "The task was cancelled.") }
        return try await base.readLog(after: position, direction, filter: filter, limit: limit)
    }

    func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent? {
        state.withLockedValue { $0.counts.finds += 1 }
        return try await base.find(id, in: stream)
    }

    func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot? {
        state.withLockedValue { $0.counts.snapshotLoads += 1 }
        return try await base.loadSnapshot(of: stream, schema: schema)
    }
}
