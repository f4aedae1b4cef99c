package import EventSourcing

/// How much a page may still take: it ends at a number of events, and earlier when it has grown large.
///
/// Events are asked for in portions, so that a page ends soon after it has grown large: the first portion is small, and
/// the next ones are sized by the average so far, which can mislead when large events follow small ones. A portion is
/// therefore at most four times the one before, and never more than 64 events; as many of the largest size are in
/// memory at worst.
package struct PageBudget: Sendable {
    private static let firstPortion = 16
    private static let portionMax = 64
    private static let growthMax = 4
    /// What an event has besides its payload, roughly.
    private static let overhead = 256

    private var eventsLeft: Int
    private var bytesLeft: Int
    private var seenEvents = 0
    private var seenBytes = 0
    private var lastPortion = 0

    /// - Parameters:
    ///   - events: Events in the page at most.
    ///   - bytes: The page ends when it has reached this many.
    ///   - sample: Events that those of the page may be like.
    package init(events: Int, bytes: Int = 4 << 20, like sample: [RecordedEvent] = []) {
        eventsLeft = events
        bytesLeft = bytes
        seenEvents = sample.count
        seenBytes = Self.bytes(sample)
        lastPortion = sample.count
    }

    package var isSpent: Bool { eventsLeft == 0 || bytesLeft <= 0 }

    /// How many events to ask for next.
    package var portion: Int {
        guard seenEvents > 0 else { return min(Self.firstPortion, eventsLeft) }
        let expected = max(1, bytesLeft / (seenBytes / seenEvents))
        return min(expected, eventsLeft, Self.growthMax * max(1, lastPortion), Self.portionMax)
    }

    package mutating func take(_ events: [RecordedEvent]) {
        let bytes = Self.bytes(events)
        seenEvents += events.count
        seenBytes += bytes
        lastPortion = events.count
        eventsLeft -= events.count
        bytesLeft -= bytes
    }

    private static func bytes(_ events: [RecordedEvent]) -> Int {
        events.reduce(0) { $0 + $1.payload.count + overhead }
    }
}
