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

    /// One for each stream of the append, in its order.
    public let streams: [Stream]
    /// Whether these events were recorded by an earlier try, and nothing was stored now.
    public let isRepeat: Bool

    public init(streams: [Stream], isRepeat: Bool) {
        self.streams = streams
        self.isRepeat = isRepeat
    }

    /// The highest position of the append.
    public var position: Position { streams.map(\.position).max() ?? .start }
}

/// What a store takes in one append.
public struct AppendLimits: Sendable, Hashable {
    /// Events in one append, over all its streams.
    public var eventsMax: Int
    /// Bytes in one event's payload.
    public var payloadBytesMax: Int
    /// Streams in one append.
    public var streamsMax: Int

    public init(eventsMax: Int = 5_000, payloadBytesMax: Int = 1 << 20, streamsMax: Int = 256) {
        self.eventsMax = eventsMax
        self.payloadBytesMax = payloadBytesMax
        self.streamsMax = streamsMax
    }

    /// Checks what can be checked without the log.
    ///
    /// - Throws: ``EventStoreError/Code/invalidAppend``, before anything is written.
    public func check(_ appends: [StreamAppend]) throws(EventStoreError) {
        func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(EventStoreError) {
            guard condition else { throw EventStoreError(.invalidAppend, message() + " Nothing was written.") }
        }
        let events = appends.reduce(0) { $0 + $1.events.count }
        try require(events > 0, "The append has no events.")
        try require(events <= eventsMax, "The append has \(events) events; at most \(eventsMax) are taken at once.")
        try require(
            appends.count <= streamsMax,
            "The append writes \(appends.count) streams; at most \(streamsMax) are taken at once.")
        try require(Set(appends.map(\.stream)).count == appends.count, "A stream is named twice in one append.")
        for append in appends {
            try require(
                append.stream.rawValue.utf8.count <= StreamName.lengthMax,
                "The stream's name is longer than \(StreamName.lengthMax) bytes.")
            try require(!append.events.isEmpty, "The append to \(append.stream) has no events.")
            try require(
                Set(append.events.map(\.id)).count == append.events.count,
                "An event id is used twice in the append to \(append.stream).")
            for event in append.events {
                try require(
                    StreamName.isValid(event.type.rawValue) && event.type.rawValue.utf8.count <= 128,
                    "An event's type is empty, longer than 128 bytes or holds a control character.")
                try require(
                    (1...Int(Int16.max)).contains(event.schemaVersion),
                    "The schema version \(event.schemaVersion) is not between 1 and \(Int16.max).")
                try require(
                    event.payload.count <= payloadBytesMax,
                    "An event of \(event.payload.count) bytes is too large; at most \(payloadBytesMax) are taken.")
            }
        }
    }
}
