/// One log of events, and the streams in it.
///
/// Positions are dense and equal to commit order: who has seen everything up to a position never finds anything new
/// below it.
public protocol EventStore: StreamStore where Log == Self {
    /// The log's name.
    var log: LogName { get }

    /// Reads events of the log after `position` (backwards: before it; `nil`: from the end). Before the beginning is
    /// the beginning, and after the end there is nothing yet.
    ///
    /// - Parameter limit: How much at most, as for a stream.
    func readLog(after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize)
        async throws(EventStoreError) -> LogPage

    /// The position of the newest event.
    func head() async throws(EventStoreError) -> Position

    /// Waits until the log reaches past `position`.
    ///
    /// - Returns: The newest known position, which is past `position`, or equal to it when waiting took `timeout`.
    func waitForEvents(after position: Position, timeout: Duration) async throws(EventStoreError) -> Position

    /// Counts one more subscription, until what is returned is let go.
    ///
    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/tooManySubscriptions``.
    func openSubscription() throws(EventStoreError) -> SubscriptionSlot

    /// The streams that have events, in the order of their names' bytes.
    ///
    /// - Parameters:
    ///   - category: `nil` for streams of any category.
    ///   - stream: The last stream of the page before; `nil` for the first page.
    ///   - limit: How many streams at most: 1 to ``ReadLimits/pageEventsMax``.
    func streams(in category: StreamCategory?, after stream: StreamName?, limit: Int)
        async throws(EventStoreError) -> [StreamSummary]

    /// The categories of the streams that have events, sorted. When there are more than `limit`, which of them are
    /// missing is not said.
    ///
    /// - Parameter limit: How many categories at most: 1 to ``ReadLimits/pageEventsMax``.
    func categories(limit: Int) async throws(EventStoreError) -> [String]
}

extension EventStore {
    public var log: LogName { .main }

    public var logs: [Self] { [self] }
    public func log(of _: StreamName) -> Self { self }

    /// A store that does not say otherwise takes any number of subscriptions.
    public func openSubscription() throws(EventStoreError) -> SubscriptionSlot { SubscriptionSlot() }

    /// Every event after `position`, then new ones as they are appended; never ends by itself.
    public func subscribe(after position: Position, filter: EventFilter = .all, pageSize: PageSize = 1_000)
        -> EventSubscription<Self>
    {
        EventSubscription(store: self, after: position, filter: filter, pageSize: pageSize)
    }
}
