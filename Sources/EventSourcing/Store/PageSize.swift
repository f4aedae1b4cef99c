/// How much one read takes: a page ends with so many events, and with the event that brings it to so many bytes.
///
/// An integer is a number of events.
public struct PageSize: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// 1 to ``ReadLimits/pageEventsMax``.
    public var events: Int
    /// Bytes of payloads and metadata, 1 or more. Where the store allows less, ``ReadLimits/pageBytesMax``, that counts.
    public var bytes: Int

    public init(events: Int, bytes: Int = .max) {
        self.events = events
        self.bytes = bytes
    }

    public init(integerLiteral events: Int) { self.init(events: events) }
}

extension RecordedEvent {
    /// What the event counts towards ``PageSize/bytes``.
    @inline(__always)
    package var byteCount: Int { payload.count + storedMetadata.count }
}

extension Array<RecordedEvent> {
    /// As many as are on one page.
    package func prefix(_ size: PageSize) -> [RecordedEvent] {
        var room = PageRoom(size)
        return room.fill(from: self)
    }
}

/// The room that is left in a page.
package struct PageRoom: Sendable {
    /// What still fits.
    package private(set) var left: PageSize

    @inline(__always)
    package init(_ size: PageSize) { left = size }

    /// The room behind `events`.
    package init(_ size: PageSize, behind events: some Sequence<RecordedEvent>) {
        self.init(size)
        for event in events { take(event) }
    }

    @inline(__always)
    package var isFull: Bool { left.events <= 0 || left.bytes <= 0 }

    @inline(__always)
    package mutating func take(_ event: RecordedEvent) {
        left.events -= 1
        left.bytes -= event.byteCount
    }

    /// As many of `events` as fit, from the first on; the room is less by those.
    package mutating func fill(from events: some Sequence<RecordedEvent>) -> [RecordedEvent] {
        var page: [RecordedEvent] = []
        for event in events {
            guard !isFull else { break }
            take(event)
            page.append(event)
        }
        return page
    }
}
