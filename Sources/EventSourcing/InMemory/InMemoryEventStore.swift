internal import NIOConcurrencyHelpers

/// A store that keeps its log in memory: for tests of a domain, and for simulation.
public final class InMemoryEventStore: EventStore {
    private let state: NIOLockedValueBox<InMemoryLog>
    public let log: LogName
    private let limits: AppendLimits
    private let readLimits: ReadLimits
    private let subscriptions: SubscriptionSlots

    public init(
        log: LogName = .main, limits: AppendLimits = AppendLimits(), readLimits: ReadLimits = ReadLimits(),
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.log = log
        self.limits = limits
        self.readLimits = readLimits
        subscriptions = SubscriptionSlots(max: readLimits.subscriptionsMax)
        state = NIOLockedValueBox(InMemoryLog(name: log, now: now))
    }

    public func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        try limits.check(appends, provided: conditions)
        let outcome = state.withLockedValue { log in log.append(appends, provided: conditions) }
        for waiter in outcome.waiters { waiter.resume() }
        return try outcome.result.get()
    }

    public func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: PageSize
    ) async throws(EventStoreError) -> StreamPage {
        try readLimits.check(stream)
        let size = try readLimits.check(limit)
        return state.withLockedValue { log in log.read(stream, from: revision, direction, size) }
    }

    public func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize
    ) async throws(EventStoreError) -> LogPage {
        try readLimits.check(filter)
        let size = try readLimits.check(limit)
        return state.withLockedValue { log in log.readLog(after: position, direction, filter: filter, size) }
    }

    public func head() async throws(EventStoreError) -> Position {
        state.withLockedValue { $0.head }
    }

    public func waitForEvents(after position: Position, timeout: Duration) async throws(EventStoreError) -> Position {
        let waiter = Waiter()
        let isThere = state.withLockedValue { log in
            guard log.head <= position else { return true }
            log.waiters.append(waiter)
            return false
        }
        if !isThere {
            await waiter.wait(atMost: timeout)
            state.withLockedValue { log in log.waiters.removeAll { $0 === waiter } }
        }
        return max(try await head(), position)
    }

    public func openSubscription() throws(EventStoreError) -> SubscriptionSlot { try subscriptions.take() }

    /// How many readers wait for new events.
    var waiterCount: Int { state.withLockedValue { $0.waiters.count } }

    public func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent? {
        try readLimits.check(stream)
        return state.withLockedValue { log in log.events(of: stream).first { $0.id == id } }
    }

    public func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot? {
        try readLimits.check(stream)
        return state.withLockedValue { log in log.snapshots[stream].flatMap { $0.schema == schema ? $0 : nil } }
    }

    public func save(_ snapshot: Snapshot, of stream: StreamName) async throws(EventStoreError) {
        state.withLockedValue { log in
            if let kept = log.snapshots[stream], kept.schema == snapshot.schema, kept.revision >= snapshot.revision {
                return
            }
            log.snapshots[stream] = snapshot
        }
    }

    public func events(correlatedBy id: CorrelationID, limit: PageSize) async throws(EventStoreError)
        -> CorrelatedEvents
    {
        var room = PageRoom(try readLimits.check(limit))
        let events = room.fill(
            from: state.withLockedValue { log in log.events }.lazy.filter { $0.correlationID == id })
        return CorrelatedEvents(events: events, isComplete: !room.isFull)
    }

    public func streams(
        in category: StreamCategory?, after stream: StreamName?, limit: Int
    ) async throws(EventStoreError) -> [StreamSummary] {
        try readLimits.check(limit: limit)
        return state.withLockedValue { log in log.streams(in: category, after: stream, limit: limit) }
    }

    public func categories(limit: Int) async throws(EventStoreError) -> [String] {
        try readLimits.check(limit: limit)
        return state.withLockedValue { log in Array(log.categories.prefix(limit)) }
    }
}
