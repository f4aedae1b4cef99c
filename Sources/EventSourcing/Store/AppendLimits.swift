internal import EventCodec

/// What a store takes in one append.
public struct AppendLimits: Sendable, Hashable {
    /// Events in one append, over all its streams.
    public var eventsMax: Int
    /// Bytes in one append: the sum of its payloads.
    public var appendBytesMax: Int
    /// Bytes in one event's payload.
    public var payloadBytesMax: Int
    /// Bytes in the texts of one event's metadata: actor, reason, trace context and fingerprint.
    public var metadataBytesMax: Int
    /// Streams in one append.
    public var streamsMax: Int
    /// Tags of one event.
    public var tagsMax: Int
    /// Conditions of one append.
    public var conditionsMax: Int

    public init(
        eventsMax: Int = 5_000, appendBytesMax: Int = 32 << 20, payloadBytesMax: Int = 1 << 20,
        metadataBytesMax: Int = 16 << 10, streamsMax: Int = 256, tagsMax: Int = 16, conditionsMax: Int = 16
    ) {
        self.eventsMax = eventsMax
        self.appendBytesMax = appendBytesMax
        self.payloadBytesMax = payloadBytesMax
        self.metadataBytesMax = metadataBytesMax
        self.streamsMax = streamsMax
        self.tagsMax = tagsMax
        self.conditionsMax = conditionsMax
    }

    /// Checks what can be checked without the log.
    ///
    /// - Throws: ``EventStoreError/Code/invalidAppend``, before anything is written.
    public func check(
        _ appends: [StreamAppend], provided conditions: [AppendCondition] = []
    ) throws(EventStoreError) {
        let events = appends.reduce(0) { $0 + $1.events.count }
        try require(events > 0, "The append has no events.")
        try require(events <= eventsMax, "The append has \(events) events; at most \(eventsMax) are taken at once.")
        try require(
            appends.count <= streamsMax,
            "The append writes \(appends.count) streams; at most \(streamsMax) are taken at once.")
        try require(
            appends.count == 1 || Set(appends.map(\.stream)).count == appends.count,
            "A stream is named twice in one append.")
        for append in appends { try check(append) }
        let bytes = appends.reduce(0) { $1.events.reduce($0) { $0 + $1.payload.count } }
        try require(
            bytes <= appendBytesMax, "The append has \(bytes) bytes; at most \(appendBytesMax) are taken at once.")
        try check(conditions)
    }

    private func check(_ append: StreamAppend) throws(EventStoreError) {
        try require(
            StreamName.isValid(append.stream.rawValue),
            "A stream's name is empty, longer than \(StreamName.lengthMax) bytes or holds a control character.")
        try check(append.expected)
        try require(!append.events.isEmpty, "The append to \(append.stream) has no events.")
        try require(
            append.events.count == 1 || Set(append.events.map(\.id)).count == append.events.count,
            "An event id is used twice in the append to \(append.stream).")
        for event in append.events { try check(event) }
    }

    private func check(_ event: NewEvent) throws(EventStoreError) {
        try require(EventType.isValid(event.type.rawValue), Self.typeFlaw)
        try require(
            (1...Int(Int16.max)).contains(event.schemaVersion),
            "The schema version \(event.schemaVersion) is not between 1 and \(Int16.max).")
        try require(
            event.payload.count <= payloadBytesMax,
            "An event of \(event.payload.count) bytes is too large; at most \(payloadBytesMax) are taken.")
        try checkContent(of: event)
        try check(event.metadata)
        try require(
            event.tags.count <= tagsMax, "An event has \(event.tags.count) tags; at most \(tagsMax) are taken.")
        try require(event.tags.allSatisfy { EventTag.isValid($0.rawValue) }, Self.tagFlaw)
    }

    private func check(_ metadata: EventMetadata) throws(EventStoreError) {
        let bytes =
            try byteCount(of: metadata.actor) + byteCount(of: metadata.reason) + byteCount(of: metadata.traceContext)
            + byteCount(of: metadata.commandFingerprint)
        try require(
            bytes <= metadataBytesMax,
            "An event's metadata has \(bytes) bytes; at most \(metadataBytesMax) are taken.")
    }

    private func byteCount(of text: String?) throws(EventStoreError) -> Int {
        guard let text else { return 0 }
        // PostgreSQL has no text with NUL: who looks at the log with psql could not see these events.
        try require(!text.hasByte { $0 == 0 }, "An event's metadata holds a NUL character.")
        return text.utf8.count
    }

    /// What says that it is JSON is: half a microsecond for an event of 260 bytes, on its caller's thread. Nobody could
    /// read it later, and history cannot be mended.
    private func checkContent(of event: NewEvent) throws(EventStoreError) {
        guard event.contentType == .json else { return }
        do throws(JSONError) { try JSONReader.check(event.payload) } catch {
            throw EventStoreError(
                .invalidAppend,
                "An event of type \(event.type) is not the JSON that it says it is: \(error). "
                    + "Nothing was written.")
        }
    }

    private func check(_ conditions: [AppendCondition]) throws(EventStoreError) {
        try require(
            conditions.count <= conditionsMax,
            "The append has \(conditions.count) conditions; at most \(conditionsMax) are taken.")
        for condition in conditions {
            switch condition {
            case .stream(let stream, let expected):
                try require(
                    StreamName.isValid(stream.rawValue),
                    "A condition's stream has no name, one longer than \(StreamName.lengthMax) bytes or a control "
                        + "character in it.")
                try check(expected)
            case .noEvents(let query, let position):
                try require(position >= .start, "A condition looks after position \(position), which is below 0.")
                if let flaw = query.flaw { try require(false, flaw) }
            }
        }
    }

    private func check(_ expected: ExpectedRevision) throws(EventStoreError) {
        guard case .exact(let revision) = expected else { return }
        // Half of what 64 bits hold, so that nothing that is counted from it overflows.
        try require(
            (0..<Int64.max / 2).contains(revision.rawValue), "No stream is ever at the expected revision \(revision).")
    }

    static let typeFlaw =
        "An event's type is empty, longer than \(EventType.lengthMax) bytes or holds a control character."
    static let tagFlaw = "A tag is empty, longer than \(EventTag.lengthMax) bytes or holds a control character."

    private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(EventStoreError) {
        guard condition else { throw EventStoreError(.invalidAppend, message() + " Nothing was written.") }
    }
}
