internal import EventSourcing
internal import PostgresClient

/// Where callers leave their appends, and where the writer's thread waits for them.
///
/// Unchecked, because the queue is touched under the lock alone.
final class AppendInbox: @unchecked Sendable {
    private enum Signal {
        case waiting
        /// As many as the writer waits for are there, or none will come any more.
        case ready
    }

    private let lock = ConditionLock(value: Signal.waiting)
    private var queue: AppendQueue<AppendRequest>
    /// How many requests the writer waits for.
    private var awaited = 1
    /// Whether the writer's thread comes for what is submitted; if not, it has to be called.
    private var isAttended = false

    init(limits: AppendQueueLimits) { queue = AppendQueue(limits: limits) }

    /// Where an append waits, for whoever wants to take it out again. Touched under the inbox's lock alone.
    final class Place: @unchecked Sendable {
        fileprivate var ticket: AppendQueue<AppendRequest>.Ticket?
        fileprivate var isCancelled = false
    }

    /// - Returns: Whether somebody is there to write it; if not, the writer has to be called.
    func submit(_ request: AppendRequest, at place: Place) throws(EventStoreError) -> Bool {
        lock.lock()
        defer { unlock() }
        if place.isCancelled { throw .cancelledAppend }
        place.ticket = try queue.submit(request, eventCount: request.eventCount, byteCount: request.byteCount)
        return isAttended
    }

    /// Takes appends that come together, in one go; they cannot be taken out again.
    ///
    /// - Returns: Those that it does not take, and why; and whether somebody is there to write the others.
    func submit(_ group: [AppendRequest]) -> (refused: [(AppendRequest, EventStoreError)], isAttended: Bool) {
        lock.lock()
        defer { unlock() }
        var refused: [(AppendRequest, EventStoreError)] = []
        for request in group {
            do throws(EventStoreError) {
                _ = try queue.submit(request, eventCount: request.eventCount, byteCount: request.byteCount)
            } catch {
                refused.append((request, error))
            }
        }
        return (refused, isAttended)
    }

    /// Takes out an append whose task was cancelled, before it came or while it waits.
    ///
    /// - Returns: `nil` when there is nobody to answer yet, or when it is being written already.
    func cancel(_ place: Place) -> AppendRequest? {
        lock.lock()
        defer { unlock() }
        place.isCancelled = true
        return place.ticket.flatMap { queue.remove($0) }
    }

    /// Takes the next group, on the writer's thread.
    ///
    /// - Parameters:
    ///   - gathering: For how many it waits, and how long.
    ///   - patience: How long it waits for the first one after that; `nil` for as long as it takes.
    /// - Returns: Nothing when nothing came in that time, or when the inbox is closed and empty.
    func takeGroup(_ gathering: inout Gathering, patience: Duration?) -> [AppendRequest] {
        lock.lock()
        isAttended = true
        awaited = gathering.awaited
        unlock()
        if gathering.awaited == 1 || !lock.lock(whenValue: .ready, atMost: .seconds(gathering.patienceSeconds)) {
            lock.lock()
            awaited = 1
            waitForOne(atMost: patience)
        }
        defer { unlock() }
        gathering.gathered(queue.count)
        return queue.nextGroup()
    }

    /// Called, and returns, with the lock held.
    private func waitForOne(atMost patience: Duration?) {
        guard queue.count == 0, !queue.isClosed, patience != .zero else { return }
        unlock()
        guard let patience else { return lock.lock(whenValue: .ready) }
        if !lock.lock(whenValue: .ready, atMost: patience) { lock.lock() }
    }

    /// How many requests wait.
    var count: Int {
        lock.lock()
        defer { unlock() }
        return queue.count
    }

    /// Whether nothing waits, and nothing will come.
    var isFinished: Bool {
        lock.lock()
        defer { unlock() }
        return queue.isClosed && queue.count == 0
    }

    /// The next group, without waiting, when the writer's thread is not there; empty when there is none.
    func takeGroup() -> [AppendRequest] {
        lock.lock()
        defer { unlock() }
        isAttended = false
        return queue.nextGroup()
    }

    /// Takes out what has waited past its deadline.
    func takeExpired(at now: ContinuousClock.Instant) -> [AppendRequest] {
        lock.lock()
        defer { unlock() }
        return queue.remove(where: { $0.deadline <= now })
    }

    /// Takes no more.
    func close() {
        lock.lock()
        queue.close()
        unlock()
    }

    private func unlock() {
        lock.unlock(withValue: queue.count >= awaited || queue.isClosed ? .ready : .waiting)
    }
}

extension EventStoreError {
    static var cancelledAppend: EventStoreError {
        EventStoreError(.cancelled, "The task was cancelled while its append waited. Nothing was written.")
    }
}
