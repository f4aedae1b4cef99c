/// The histories of several logs from a position in each on, then what is appended to them, without a gap or a
/// duplicate in any of them.
///
/// Batches come one at a time, each of one log and in the log's order. Which log's batch comes next is not promised: a
/// reader must come to the same result whatever it is. Of each log one batch is held at most, besides the page that its
/// subscription fetches ahead, so that a log with much to say does not keep the others waiting.
///
/// The first error of any log ends it: its iterator throws the same error from then on, for to go on with the other
/// logs alone would leave one behind without a word. Subscribe again after the positions that were handled.
public struct MergedSubscription<Log: EventStore>: AsyncSequence, Sendable {
    public typealias Element = EventBatch
    public typealias Failure = EventStoreError

    let subscriptions: [EventSubscription<Log>]

    public func makeAsyncIterator() -> Iterator { Iterator(subscriptions) }

    public final class Iterator: AsyncIteratorProtocol {
        private enum Delivery: Sendable {
            case batch(EventBatch, feed: Int)
            case failure(EventStoreError)
        }

        /// What reads one log, and the permission to go on.
        private struct Feed {
            let task: Task<Void, Never>
            let turn: AsyncStream<Void>.Continuation
        }

        private let feeds: [Feed]
        private let deliveries: AsyncStream<Delivery>
        /// The feed whose batch is being handled.
        private var waiting: Int?
        /// What ended it: a log that failed says nothing more.
        private var failure: EventStoreError?

        init(_ subscriptions: [EventSubscription<Log>]) {
            // Holds one delivery of each feed at most: a feed waits for its turn after each.
            let (deliveries, delivery) = AsyncStream.makeStream(of: Delivery.self)
            self.deliveries = deliveries
            feeds = subscriptions.enumerated().map { index, subscription in
                let (turns, turn) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                let task = Task {
                    do throws(EventStoreError) {
                        for try await batch in subscription {
                            delivery.yield(.batch(batch, feed: index))
                            for await _ in turns { break }
                        }
                    } catch {
                        delivery.yield(.failure(error))
                    }
                }
                return Feed(task: task, turn: turn)
            }
        }

        deinit { for feed in feeds { feed.task.cancel() } }

        /// - Returns: The next batch, or `nil` when the task is cancelled.
        /// - Throws: What a log failed with; the same again at every further call.
        public func next(isolation _: isolated (any Actor)?) async throws(EventStoreError) -> EventBatch? {
            if let failure { throw failure }
            if let waiting { feeds[waiting].turn.yield() }
            waiting = nil
            for await delivery in deliveries {
                switch delivery {
                case .batch(let batch, let feed):
                    waiting = feed
                    return batch
                case .failure(let error):
                    failure = error
                    for feed in feeds { feed.task.cancel() }
                    throw error
                }
            }
            return nil
        }

        /// - Returns: The next batch, or `nil` when the task is cancelled.
        /// - Throws: What a log failed with; the same again at every further call.
        public func next() async throws(EventStoreError) -> EventBatch? {
            try await next(isolation: #isolation)
        }
    }
}

extension StreamStore {
    /// Every event of every log after `positions`, then new ones as they are appended; never ends by itself.
    public func subscribe(after positions: LogPositions, filter: EventFilter = .all, pageSize: PageSize = 1_000)
        -> MergedSubscription<Log>
    {
        MergedSubscription(
            subscriptions: logs.map { log in
                EventSubscription(store: log, after: positions[log.log], filter: filter, pageSize: pageSize)
            })
    }

    /// The position of the newest event of each log.
    public func heads() async throws(EventStoreError) -> LogPositions {
        var heads = LogPositions()
        for log in logs { heads[log.log] = try await log.head() }
        return heads
    }

    /// The names of the logs, in order.
    public var logNames: [LogName] { logs.map(\.log) }
}
