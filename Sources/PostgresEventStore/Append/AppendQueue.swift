internal import EventSourcing

/// Gathers appends into groups while one group is being written: under load groups grow by themselves.
struct AppendQueue<Request: Sendable>: Sendable {
    private struct Queued: Sendable {
        let request: Request
        let eventCount: Int
        let byteCount: Int
    }

    private let limits: AppendQueueLimits
    private var queue: [Queued] = []
    private var queuedBytes = 0
    /// Whether it takes no more; what was taken is still written.
    private(set) var isClosed = false

    init(limits: AppendQueueLimits) { self.limits = limits }

    var count: Int { queue.count }

    /// - Returns: `nil` when the request was taken, or why it was not.
    mutating func submit(_ request: Request, eventCount: Int, byteCount: Int) -> EventStoreError? {
        if isClosed { return EventStoreError(.closed, "The event store is stopped. Nothing was written.") }
        guard queue.count < limits.requestsMax, queuedBytes + byteCount <= limits.bytesMax else {
            return EventStoreError(
                .overloaded,
                """
                \(queue.count) appends of \(queuedBytes) bytes wait already, and at most \(limits.requestsMax) of \
                \(limits.bytesMax) bytes are queued. Nothing was written; try again later.
                """)
        }
        queue.append(Queued(request: request, eventCount: eventCount, byteCount: byteCount))
        queuedBytes += byteCount
        return nil
    }

    /// What is to be written next: at least one request, and as many more as a group holds; none when none waits.
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
        return group.map(\.request)
    }

    mutating func close() { isClosed = true }
}

/// What the queue of a log's appends holds, and a group that is written as one.
public struct AppendQueueLimits: Sendable, Hashable {
    /// Appends that wait; one more is refused as overloaded.
    public var requestsMax: Int
    /// Bytes of appends that wait.
    public var bytesMax: Int
    /// Events in one group, unless a single append has more.
    public var groupEventsMax: Int
    /// Bytes in one group, unless a single append has more.
    public var groupBytesMax: Int

    public init(
        requestsMax: Int = 20_000, bytesMax: Int = 256 << 20, groupEventsMax: Int = 2_000, groupBytesMax: Int = 8 << 20
    ) {
        self.requestsMax = requestsMax
        self.bytesMax = bytesMax
        self.groupEventsMax = groupEventsMax
        self.groupBytesMax = groupBytesMax
    }
}
