public import EventSourcing

/// A store that passes everything on to another one. What a test wants to watch, or to have fail, it does itself.
public protocol ForwardingStore: EventStore {
    associatedtype Base: EventStore

    var base: Base { get }
}

extension ForwardingStore {
    public var log: LogName { base.log }

    public func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        try await base.append(appends, provided: conditions)
    }

    public func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: PageSize
    ) async throws(EventStoreError) -> StreamPage {
        try await base.read(stream, from: revision, direction, limit: limit)
    }

    public func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize
    ) async throws(EventStoreError) -> LogPage {
        try await base.readLog(after: position, direction, filter: filter, limit: limit)
    }

    public func head() async throws(EventStoreError) -> Position { try await base.head() }

    public func waitForEvents(after position: Position, timeout: Duration) async throws(EventStoreError) -> Position {
        try await base.waitForEvents(after: position, timeout: timeout)
    }

    public func openSubscription() throws(EventStoreError) -> SubscriptionSlot { try base.openSubscription() }

    public func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent? {
        try await base.find(id, in: stream)
    }

    public func eventIDs(
        in stream: StreamName, through revision: Revision
    ) async throws(EventStoreError) -> Set<EventID> {
        try await base.eventIDs(in: stream, through: revision)
    }

    public func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot? {
        try await base.loadSnapshot(of: stream, schema: schema)
    }

    public func save(_ snapshot: Snapshot, of stream: StreamName) async throws(EventStoreError) {
        try await base.save(snapshot, of: stream)
    }

    public func events(correlatedBy id: CorrelationID, limit: PageSize) async throws(EventStoreError)
        -> CorrelatedEvents
    {
        try await base.events(correlatedBy: id, limit: limit)
    }

    public func streams(
        in category: StreamCategory?, after stream: StreamName?, limit: Int
    ) async throws(EventStoreError) -> [StreamSummary] {
        try await base.streams(in: category, after: stream, limit: limit)
    }

    public func categories(limit: Int) async throws(EventStoreError) -> [String] {
        try await base.categories(limit: limit)
    }
}
