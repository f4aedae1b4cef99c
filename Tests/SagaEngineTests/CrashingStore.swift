import EventSourcing
import NIOConcurrencyHelpers

/// A store whose process dies at one of its appends: from then on nothing is written any more.
final class CrashingStore: EventStore {
    /// Whether the append at which the process dies is still written.
    enum Moment: Sendable, CaseIterable {
        case beforeWriting, afterWriting
    }

    private enum Fate {
        case lives, dies, isDead
    }

    private let base: InMemoryEventStore
    private let crashAt: Int
    private let moment: Moment
    private let appends = NIOLockedValueBox(0)

    init(_ base: InMemoryEventStore, crashAt: Int, _ moment: Moment) {
        self.base = base
        self.crashAt = crashAt
        self.moment = moment
    }

    var hasCrashed: Bool { appends.withLockedValue { $0 >= crashAt } }

    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        let fate: Fate = self.appends.withLockedValue { count in
            count += 1
            return count < crashAt ? .lives : count == crashAt ? .dies : .isDead
        }
        if case .lives = fate { return try await base.append(appends, provided: conditions) }
        if case .dies = fate, moment == .afterWriting { _ = try await base.append(appends, provided: conditions) }
        throw EventStoreError(.unavailable, "The process is dead.")
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
