internal import EventSourcing

extension RecordedEvent {
    /// Whether all that is stored of two events is the same.
    func isSame(as other: RecordedEvent) -> Bool {
        position == other.position && stream == other.stream && revision == other.revision && id == other.id
            && type == other.type && schemaVersion == other.schemaVersion && contentType == other.contentType
            && recordedAt == other.recordedAt && correlationID == other.correlationID
            && causationID == other.causationID && payload == other.payload
            && storedMetadata == other.storedMetadata && storedTags.isExactly(other.storedTags)
    }
}
