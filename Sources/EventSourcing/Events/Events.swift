/// An event that is about to be appended.
public struct NewEvent: Sendable, Hashable {
    public var id: EventID
    public var type: EventType
    public var schemaVersion: Int
    public var contentType: ContentType
    public var payload: [UInt8]
    /// What the event is about, besides its stream.
    public var tags: Set<EventTag>
    public var metadata: EventMetadata

    public init(
        id: EventID = .make(), type: EventType, schemaVersion: Int = 1, contentType: ContentType = .json,
        payload: [UInt8], tags: Set<EventTag> = [], metadata: EventMetadata
    ) {
        self.id = id
        self.type = type
        self.schemaVersion = schemaVersion
        self.contentType = contentType
        self.payload = payload
        self.tags = tags
        self.metadata = metadata
    }

    /// Encodes `payload`, whose tags the event carries.
    public init(_ payload: some EventPayload, id: EventID = .make(), metadata: EventMetadata) throws(EventCodingError) {
        var bytes: [UInt8] = []
        try payload.encode(into: &bytes)
        self.init(
            id: id, type: payload.eventType, schemaVersion: payload.schemaVersion, payload: bytes, tags: payload.tags,
            metadata: metadata)
    }
}

/// An event as the log holds it.
///
/// The bytes of the payload and of the metadata are slices of one buffer that a whole page of events shares: keeping
/// one event keeps its page.
public struct RecordedEvent: Sendable {
    /// The log in which ``position`` counts.
    public let log: LogName
    public let position: Position
    public let stream: StreamName
    public let revision: Revision
    public let id: EventID
    public let type: EventType
    public let schemaVersion: Int
    public let contentType: ContentType
    public let recordedAt: Timestamp
    public let correlationID: CorrelationID
    public let causationID: CausationID?
    public let payload: ArraySlice<UInt8>
    /// The rest of the metadata, as ``EventMetadata/storedBytes`` wrote it.
    package let storedMetadata: ArraySlice<UInt8>
    /// The tags as stores keep them.
    package let storedTags: String

    package init(
        log: LogName, position: Position, stream: StreamName, revision: Revision, id: EventID, type: EventType,
        schemaVersion: Int,
        contentType: ContentType, recordedAt: Timestamp, correlationID: CorrelationID, causationID: CausationID?,
        payload: ArraySlice<UInt8>, storedMetadata: ArraySlice<UInt8>, storedTags: String
    ) {
        self.log = log
        self.position = position
        self.stream = stream
        self.revision = revision
        self.id = id
        self.type = type
        self.schemaVersion = schemaVersion
        self.contentType = contentType
        self.recordedAt = recordedAt
        self.correlationID = correlationID
        self.causationID = causationID
        self.payload = payload
        self.storedMetadata = storedMetadata
        self.storedTags = storedTags
    }

    /// `event` as it stands in a log.
    public init(
        _ event: NewEvent, log: LogName = .main, position: Position, stream: StreamName, revision: Revision,
        recordedAt: Timestamp
    ) {
        self.init(
            log: log, position: position, stream: stream, revision: revision, id: event.id, type: event.type,
            schemaVersion: event.schemaVersion, contentType: event.contentType, recordedAt: recordedAt,
            correlationID: event.metadata.correlationID, causationID: event.metadata.causationID,
            payload: event.payload[...], storedMetadata: event.metadata.storedBytes[...],
            storedTags: event.tags.storedText)
    }

    /// Where the event stands in its log, and in which.
    public var logPosition: LogPosition { LogPosition(log, position) }

    /// Who, why and on behalf of what. Read from its bytes at each call.
    public var metadata: EventMetadata {
        EventMetadata(correlationID: correlationID, causationID: causationID, storedBytes: storedMetadata)
    }

    /// What the event is about, besides its stream. Read from their text at each call.
    public var tags: Set<EventTag> { Set(storedText: storedTags) }

    /// Reads the payload as `Payload`.
    public func decode<Payload: ReadableEvent>(as _: Payload.Type = Payload.self) throws(EventCodingError) -> Payload {
        try Payload(type: type, schemaVersion: schemaVersion, payload: payload)
    }
}

/// A recorded event with its payload read.
public struct Recorded<Payload: ReadableEvent>: Sendable {
    public let payload: Payload
    public let event: RecordedEvent

    public init(_ event: RecordedEvent) throws(EventCodingError) {
        payload = try event.decode()
        self.event = event
    }

    public var id: EventID { event.id }
    public var stream: StreamName { event.stream }
}
