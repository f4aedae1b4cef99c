/// Events to add to the end of one stream.
public struct StreamAppend: Sendable, Hashable {
    public var stream: StreamName
    public var expected: ExpectedRevision
    public var events: [NewEvent]

    public init(stream: StreamName, expected: ExpectedRevision, events: [NewEvent]) {
        self.stream = stream
        self.expected = expected
        self.events = events
    }
}

/// Where an append's events stand.
public struct AppendReceipt: Sendable, Hashable {
    /// Where the events of one stream of the append stand.
    public struct Stream: Sendable, Hashable {
        public let stream: StreamName
        /// The revision of the last event.
        public let revision: Revision
        /// The position of the last event.
        public let position: Position

        public init(stream: StreamName, revision: Revision, position: Position) {
            self.stream = stream
            self.revision = revision
            self.position = position
        }
    }

    /// The log in which the positions count.
    public let log: LogName
    /// One for each stream of the append, in its order.
    public let streams: [Stream]
    /// Whether these events were recorded by an earlier try, and nothing was stored now.
    public let isRepeat: Bool

    public init(log: LogName = .main, streams: [Stream], isRepeat: Bool) {
        self.log = log
        self.streams = streams
        self.isRepeat = isRepeat
    }

    /// The highest position of the append.
    public var position: Position { streams.map(\.position).max() ?? .start }
}
