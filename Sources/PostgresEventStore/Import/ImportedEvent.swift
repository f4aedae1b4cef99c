public import EventSourcing

/// An event that was recorded elsewhere and is to stand in this log.
public struct ImportedEvent: Sendable, Hashable {
    public var stream: StreamName
    public var event: NewEvent
    /// When it was recorded there, in one of the years 0 to 9999; `nil`: when it is imported.
    public var recordedAt: Timestamp?

    public init(_ event: NewEvent, stream: StreamName, recordedAt: Timestamp? = nil) {
        self.event = event
        self.stream = stream
        self.recordedAt = recordedAt
    }

    /// A recorded event, to write it to a file or to take it over into another log.
    public init(_ recorded: RecordedEvent) {
        self.init(
            NewEvent(
                id: recorded.id, type: recorded.type, schemaVersion: recorded.schemaVersion,
                contentType: recorded.contentType, payload: Array(recorded.payload), tags: recorded.tags,
                metadata: recorded.metadata),
            stream: recorded.stream, recordedAt: recorded.recordedAt)
    }
}
