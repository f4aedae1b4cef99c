internal import EventSourcing

/// Gathers appends into groups while one group is being written: under load groups grow by themselves.
struct AppendQueue<Request: Sendable>: Sendable {
    /// What a queue holds, and a group.
    struct Limits: Sendable, Hashable {
        var queuedRequestsMax = 20_000
        var queuedBytesMax = 256 << 20
        var groupEventsMax = 2_000
        var groupBytesMax = 8 << 20
    }

    enum SubmitAction {
        /// The writer is busy and will come for it.
        case none
        /// The writer is idle: wake it.
        case wakeWriter
        case refuse(EventStoreError)
    }

    private struct Queued: Sendable {
        let request: Request
        let eventCount: Int
        let byteCount: Int
    }

    private enum State: Sendable {
        /// Nothing is being written. Can transition to `writing`, `closed`.
        case idle
        /// A group is being written; later requests wait. Can transition to `idle`, `closed`.
        case writing
        /// Takes no more; what was taken is still written. Terminal.
        case closed
    }

    private let limits: Limits
    private var state = State.idle
    private var queue: [Queued] = []
    private var queuedBytes = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    var isClosed: Bool { if case .closed = state { true } else { false } }

    mutating func submit(_ request: Request, eventCount: Int, byteCount: Int) -> SubmitAction {
        if isClosed { return .refuse(EventStoreError(.closed, "The event store is stopped. Nothing was written.")) }
        guard queue.count < limits.queuedRequestsMax, queuedBytes + byteCount <= limits.queuedBytesMax else {
            return .refuse(
                EventStoreError(
                    .overloaded,
                    "\(queue.count) appends wait already, which is as many as are queued. Nothing was written; try again later."
                ))
        }
        queue.append(Queued(request: request, eventCount: eventCount, byteCount: byteCount))
        queuedBytes += byteCount
        guard case .idle = state else { return .none }
        state = .writing
        return .wakeWriter
    }

    /// What is to be written next: at least one request, and as many more as a group holds.
    ///
    /// - Returns: None when the writer can rest.
    mutating func nextGroup() -> [Request] {
        var events = 0
        var bytes = 0
        var count = 0
        for queued in queue {
            events += queued.eventCount
            bytes += queued.byteCount
            guard count == 0 || events <= limits.groupEventsMax && bytes <= limits.groupBytesMax else { break }
            count += 1
        }
        let group = queue.prefix(count)
        queuedBytes -= group.reduce(0) { $0 + $1.byteCount }
        queue.removeFirst(count)
        if group.isEmpty, case .writing = state { state = .idle }
        return group.map(\.request)
    }

    mutating func close() { state = .closed }
}
