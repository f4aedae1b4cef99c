internal import EventSourcing

/// How much a page may still take: it ends at a number of events, and earlier when it has grown large.
///
/// Events are asked for in portions, so that a page of large events is never in memory as a whole: the first portion is
/// small, and the next ones are as large as the events before let expect.
struct PageBudget {
    private static let firstPortion = 16
    private static let portionMax = 500
    /// What an event has besides its payload, roughly.
    private static let overhead = 256

    private var eventsLeft: Int
    private var bytesLeft: Int
    private var seenEvents = 0
    private var seenBytes = 0

    /// - Parameters:
    ///   - events: Events in the page at most.
    ///   - bytes: The page ends when it has reached this many.
    ///   - sample: Events that those of the page may be like.
    init(events: Int, bytes: Int = 4 << 20, like sample: [RecordedEvent] = []) {
        eventsLeft = events
        bytesLeft = bytes
        seenEvents = sample.count
        seenBytes = Self.bytes(sample)
    }

    var isSpent: Bool { eventsLeft == 0 || bytesLeft <= 0 }

    /// How many events to ask for next.
    var portion: Int {
        let expected = seenEvents == 0 ? Self.firstPortion : max(1, bytesLeft / max(1, seenBytes / seenEvents))
        return min(expected, eventsLeft, Self.portionMax)
    }

    mutating func take(_ events: [RecordedEvent]) {
        let bytes = Self.bytes(events)
        seenEvents += events.count
        seenBytes += bytes
        eventsLeft -= events.count
        bytesLeft -= bytes
    }

    private static func bytes(_ events: [RecordedEvent]) -> Int {
        events.reduce(0) { $0 + $1.payload.count + overhead }
    }
}
