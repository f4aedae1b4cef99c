import EventSourcing
import NIOConcurrencyHelpers

/// A store that, as the one in PostgreSQL, does not write for a cancelled task. It cancels one at its first append to a
/// stream of a category, and takes that append.
final class CancellingStore: EventStore {
    private let base: InMemoryEventStore
    private let category: StreamCategory
    private let cancel = NIOLockedValueBox<(@Sendable () -> Void)?>(nil)

    init(_ base: InMemoryEventStore, cancelAt category: StreamCategory) {
        self.base = base
        self.category = category
    }

    func cancels<Success: Sendable>(_ task: Task<Success, any Error>) {
        cancel.withLockedValue { $0 = { task.cancel() } }
    }

    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        if appends.contains(where: { $0.stream.category == category.rawValue }) {
            cancel.withLockedValue { $0 }?()
        } else if Task.isCancelled {
            throw EventStoreError(.cancelled, "The task was cancelled. Nothing was written.")
        }
        return try await base.append(appends, provided: conditions)
    }

    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws(EventStoreError) -> [RecordedEvent] {
        try await base.read(stream, from: revision, direction, limit: limit)
    }

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: Int
    ) async throws(EventStoreError) -> LogPage {
        try await base.readLog(after: position, direction, filter: filter, limit: limit)
    }

    func head() async throws(EventStoreError) -> Position { try await base.head() }

    func waitForEvents(after position: Position, timeout: Duration) async throws(EventStoreError) -> Position {
        try await base.waitForEvents(after: position, timeout: timeout)
    }

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
