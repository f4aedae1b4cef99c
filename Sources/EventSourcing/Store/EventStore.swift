/// A page of a log.
public struct LogPage: Sendable {
    /// The events that match the filter, in the order of the read.
    public let events: [RecordedEvent]
    /// How far the page goes: every matching event between the start of the read and this position is in it, or was
    /// in an earlier one.
    public let through: Position
    /// The newest position that was known when the page was read.
    public let head: Position

    public init(events: [RecordedEvent], through: Position, head: Position) {
        self.events = events
        self.through = through
        self.head = head
    }
}

/// One log of events, and the streams in it.
///
/// Positions are dense and equal to commit order: who has seen everything up to a position never finds anything new
/// below it.
public protocol EventStore: StreamStore where Log == Self {
    /// The log's name.
    var log: LogName { get }

<<<<<<< HEAD
    /// Appends to one or more streams, all or nothing, as one commit, provided that all of `conditions` hold.
    ///
    /// Repeating an append with the same streams and event ids stores nothing and answers as the first one did.
    ///
    /// A task that is cancelled while its append waits for its turn gets ``EventStoreError/Code/cancelled``, and nothing
    /// was written. An append that is being written already is waited for, and answered as usual.
    ///
    /// - Throws: ``EventStoreError``; its code says whether anything was written.
    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt

    /// Reads events of `stream`, from `revision` on (`nil`: from the first, or backwards from the last).
    ///
    /// - Parameter limit: How many events at most: 1 to ``ReadLimits/pageEventsMax``. A larger page is refused and not cut
    ///   short, because a page with fewer events than were asked for is the last one.
    /// - Returns: The events in the order of the read; none when the stream has no events there.
    func read(_ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: Int)
        async throws(EventStoreError) -> [RecordedEvent]

    /// Reads events of the log after `position` (backwards: before it; `nil`: from the end). Before the beginning is the
    /// beginning, and after the end there is nothing yet.
=======
    /// Reads events of the log after `position` (backwards: before it; `nil`: from the end).
>>>>>>> 852a1279f23eb68df597ac7f003a6bb488408424
    ///
    /// - Parameter limit: How many events at most, as for a stream.
    func readLog(after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: Int)
        async throws(EventStoreError) -> LogPage

    /// The position of the newest event.
    func head() async throws(EventStoreError) -> Position

    /// Waits until the log reaches past `position`.
    ///
    /// - Returns: The newest known position, which is past `position`, or equal to it when waiting took `timeout`.
    func waitForEvents(after position: Position, timeout: Duration) async throws(EventStoreError) -> Position
<<<<<<< HEAD

    /// Counts one more subscription, until what is returned is let go.
    ///
    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/tooManySubscriptions``.
    func openSubscription() throws(EventStoreError) -> SubscriptionSlot

    /// The event of `stream` with this id, if there is one.
    func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent?

    /// The ids of the events of `stream` up to `revision`: what a snapshot leaves out and repeats are known by.
    func eventIDs(in stream: StreamName, through revision: Revision) async throws(EventStoreError) -> Set<EventID>

    /// The newest snapshot of `stream`.
    func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot?

    /// Replaces the snapshot of `stream` if `snapshot` is newer.
    func save(_ snapshot: Snapshot, of stream: StreamName) async throws(EventStoreError)

    /// The events that belong to one business transaction, in the order of the log.
    func events(correlatedBy id: CorrelationID, limit: Int) async throws(EventStoreError) -> [RecordedEvent]
=======
>>>>>>> 852a1279f23eb68df597ac7f003a6bb488408424
}

extension EventStore {
    public var log: LogName { .main }
<<<<<<< HEAD

    /// A store that does not say otherwise takes any number of subscriptions.
    public func openSubscription() throws(EventStoreError) -> SubscriptionSlot { SubscriptionSlot() }

    /// Appends to one or more streams, all or nothing, as one commit.
    public func append(_ appends: [StreamAppend]) async throws(EventStoreError) -> AppendReceipt {
        try await append(appends, provided: [])
    }

    /// Appends to one stream.
    public func append(
        _ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision,
        provided conditions: [AppendCondition] = []
    ) async throws(EventStoreError) -> AppendReceipt {
        try await append(
            [StreamAppend(stream: stream, expected: expected, events: events)], provided: conditions)
    }

    /// All events of `stream` after `revision`, read in pages of `pageSize`.
    public func readAll(_ stream: StreamName, after revision: Revision? = nil, pageSize: Int = 1_000)
        async throws(EventStoreError) -> [RecordedEvent]
    {
        var events: [RecordedEvent] = []
        var next = revision?.advanced(by: 1) ?? .first
        while true {
            let page = try await read(stream, from: next, .forwards, limit: pageSize)
            events += page
            guard page.count == pageSize, let last = page.last else { return events }
            next = last.revision.advanced(by: 1)
        }
    }

    public func eventIDs(
        in stream: StreamName, through revision: Revision
    ) async throws(EventStoreError) -> Set<EventID> {
        Set(try await readAll(stream).lazy.filter { $0.revision <= revision }.map(\.id))
    }
=======
    public var logs: [Self] { [self] }
>>>>>>> 852a1279f23eb68df597ac7f003a6bb488408424

    /// Every event after `position`, then new ones as they are appended; never ends by itself.
    public func subscribe(after position: Position, filter: EventFilter = .all, pageSize: Int = 1_000)
        -> EventSubscription<Self>
    {
        EventSubscription(store: self, after: position, filter: filter, pageSize: pageSize)
    }
}
