/// What a subscription delivers at once.
public struct EventBatch: Sendable {
    /// The log that the batch is of.
    public let log: LogName
    /// Matching events in the order of the log; may be empty when only others were passed over.
    public let events: [RecordedEvent]
    /// Everything up to here has been delivered or did not match: the checkpoint after handling this batch.
    public let position: Position
    /// The newest position that was known, to tell how far behind the reader is.
    public let head: Position

    /// Whether the batch reaches the end of the log as it was known.
    public var isLive: Bool { position >= head }
}

/// The history of a log from a position on, then what is appended, without a gap or a duplicate.
///
/// While history is read, the next page is fetched as the current one is handled. A reader that falls behind reads
/// history: it holds two pages at most, and neither the log nor other readers wait for it.
///
/// After an error its iterator can be asked again: it tries anew, behind the last batch that it gave. Whoever loops
/// with `for try await`, which gives the iterator up, subscribes again after the last batch's position.
public struct EventSubscription<Store: EventStore>: AsyncSequence, Sendable {
    public typealias Element = EventBatch
    public typealias Failure = EventStoreError

    /// How long a live subscription waits before it asks the log itself, in case a notification was lost.
    public static var pollInterval: Duration { .seconds(1) }

    let store: Store
    let position: Position
    let filter: EventFilter
    let pageSize: PageSize

    init(store: Store, after position: Position, filter: EventFilter, pageSize: PageSize) {
        self.store = store
        self.position = position
        self.filter = filter
        self.pageSize = pageSize
    }

    public func makeAsyncIterator() -> Iterator { Iterator(subscription: self) }

    private func page(after position: Position) async throws(EventStoreError) -> LogPage {
        try await store.readLog(after: position, .forwards, filter: filter, limit: pageSize)
    }

    public final class Iterator: AsyncIteratorProtocol {
        private let subscription: EventSubscription
        private var position: Position
        private var prefetch: Task<Result<LogPage, EventStoreError>, Never>?
        /// Counts this subscription among the open ones.
        private var slot: SubscriptionSlot?

        init(subscription: EventSubscription) {
            self.subscription = subscription
            position = subscription.position
        }

        deinit { prefetch?.cancel() }

        /// - Returns: The next batch, or `nil` when the task is cancelled.
        /// - Throws: Why the log could not be read. The next call tries again at the same place.
        public func next(isolation _: isolated (any Actor)?) async throws(EventStoreError) -> EventBatch? {
            do throws(EventStoreError) {
                return try await nextBatch()
            } catch {
                // What a cancelled read fails with says nothing about the store.
                guard !Task.isCancelled else { return nil }
                throw error
            }
        }

        /// - Returns: The next batch, or `nil` when the task is cancelled.
        /// - Throws: Why the log could not be read. The next call tries again at the same place.
        public func next() async throws(EventStoreError) -> EventBatch? {
            try await next(isolation: #isolation)
        }

        private func nextBatch() async throws(EventStoreError) -> EventBatch? {
            if slot == nil { slot = try subscription.store.openSubscription() }
            while !Task.isCancelled {
                let page = try await nextPage()
                guard page.through > position else {
                    _ = try await subscription.store.waitForEvents(
                        after: position, timeout: EventSubscription.pollInterval)
                    continue
                }
                position = page.through
                if page.through < page.head { startPrefetch() }
                return EventBatch(
                    log: subscription.store.log, events: page.events, position: page.through, head: page.head)
            }
            return nil
        }

        private func startPrefetch() {
            prefetch = Task { [subscription, position] in
                do throws(EventStoreError) {
                    return .success(try await subscription.page(after: position))
                } catch {
                    return .failure(error)
                }
            }
        }

        private func nextPage() async throws(EventStoreError) -> LogPage {
            guard let task = prefetch else { return try await subscription.page(after: position) }
            prefetch = nil
            return try await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }.get()
        }
    }
}
