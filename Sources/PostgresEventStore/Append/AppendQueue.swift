internal import EventSourcing

/// Gathers appends into groups while one group is being written: under load groups grow by themselves.
struct AppendQueue<Request: Sendable>: Sendable {
    /// Stands for a request in the queue.
    struct Ticket: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    private struct Queued: Sendable {
        let ticket: Ticket
        let request: Request
        let eventCount: Int
        let byteCount: Int
    }

    private let limits: AppendQueueLimits
    private var queue: [Queued] = []
    private var queuedBytes = 0
    private var lastTicket = Ticket(number: 0)
    /// Whether it takes no more; what was taken is still written.
    private(set) var isClosed = false

    init(limits: AppendQueueLimits) { self.limits = limits }

    var count: Int { queue.count }

    /// Takes a request, or says why it does not.
    mutating func submit(
        _ request: Request, eventCount: Int, byteCount: Int
    ) throws(EventStoreError) -> Ticket {
        if isClosed { throw EventStoreError(.closed, "The event store is stopped. Nothing was written.") }
        // One that is larger than the limit has its turn when nothing else waits; else it would be told to come again
        // for ever.
        guard queue.count < limits.requestsMax, queue.isEmpty || queuedBytes + byteCount <= limits.bytesMax else {
            throw EventStoreError(
                .overloaded,
                """
                \(queue.count) appends of \(queuedBytes) bytes wait already, and at most \(limits.requestsMax) of \
                \(limits.bytesMax) bytes are queued. Nothing was written; try again later.
                """)
        }
        lastTicket = Ticket(number: lastTicket.number + 1)
        queue.append(Queued(ticket: lastTicket, request: request, eventCount: eventCount, byteCount: byteCount))
        queuedBytes += byteCount
        return lastTicket
    }

    /// Takes a request out again.
    ///
    /// - Returns: `nil` when it does not wait any more: it is in a group already.
    mutating func remove(_ ticket: Ticket) -> Request? {
        guard let index = queue.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        let removed = queue.remove(at: index)
        queuedBytes -= removed.byteCount
        return removed.request
    }

    /// Takes out every request that `isWanted` picks.
    mutating func remove(where isWanted: (Request) -> Bool) -> [Request] {
        let removed = queue.filter { isWanted($0.request) }
        queue.removeAll { isWanted($0.request) }
        queuedBytes -= removed.reduce(0) { $0 + $1.byteCount }
        return removed.map(\.request)
    }

    /// What is to be written next: at least one request, and as many more as a group holds; none when none waits.
    mutating func nextGroup() -> [Request] {
        var events = 0
        var bytes = 0
        var count = 0
        for queued in queue {
            events += queued.eventCount
            bytes += queued.byteCount
            guard count < limits.groupRequestsMax else { break }
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
    /// Appends in one group.
    public var groupRequestsMax: Int
    /// Events in one group, unless a single append has more.
    public var groupEventsMax: Int
    /// Bytes in one group, unless a single append has more.
    public var groupBytesMax: Int

    public init(
        requestsMax: Int = 20_000, bytesMax: Int = 256 << 20, groupRequestsMax: Int = 128, groupEventsMax: Int = 2_000,
        groupBytesMax: Int = 8 << 20
    ) {
        self.requestsMax = requestsMax
        self.bytesMax = bytesMax
        self.groupRequestsMax = groupRequestsMax
        self.groupEventsMax = groupEventsMax
        self.groupBytesMax = groupBytesMax
    }
}
