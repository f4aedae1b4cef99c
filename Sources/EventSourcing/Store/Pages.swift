/// A page of a stream.
public struct StreamPage: Sendable {
    /// In the order of the read.
    public let events: [RecordedEvent]
    /// Where the next page begins; `nil` when nothing was behind this one.
    public let next: Revision?

    public init(events: [RecordedEvent], next: Revision?) {
        self.events = events
        self.next = next
    }
}

extension StreamPage {
    /// A page that is followed by another one if it is full, as far as is known.
    package init(_ events: [RecordedEvent], _ direction: ReadDirection, isFull: Bool) {
        let next = events.last.flatMap { last -> Revision? in
            switch direction {
            case .forwards: last.revision.advanced(by: 1)
            case .backwards: last.revision == .first ? nil : last.revision.advanced(by: -1)
            }
        }
        self.init(events: events, next: isFull ? next : nil)
    }
}

/// A page of a log.
public struct LogPage: Sendable {
    /// The events that match the filter, in the order of the read.
    public let events: [RecordedEvent]
    /// How far the page goes: every matching event between the start of the read and this position is in it, or was
    /// in an earlier one.
    public let through: Position
    /// The newest position that was known when the page was read.
    public let head: Position

    public init(events: [RecordedEvent], through: Position, head: Position) {
        self.events = events
        self.through = through
        self.head = head
    }
}

extension LogPage {
    /// Whether there was nothing behind it.
    package func isLast(_ direction: ReadDirection) -> Bool {
        direction == .forwards ? through >= head : through.rawValue <= 1
    }
}

/// The events of one business transaction.
public struct CorrelatedEvents: Sendable {
    /// Those of one log in its order; see ``Swift/Sequence/inOneOrder`` for the order between logs.
    public let events: [RecordedEvent]
    /// Whether these are known to be all of them.
    public let isComplete: Bool

    public init(events: [RecordedEvent], isComplete: Bool) {
        self.events = events
        self.isComplete = isComplete
    }
}
