internal import EventCodec
internal import EventSourcing
internal import FoundationEssentials

extension RecordedEvent {
    /// Writes the event as clients see it: what can be appended has the same names here. The payload goes last, byte
    /// for byte as it was recorded.
    ///
    /// - Parameter isOneLine: Whether line breaks between the payload's tokens become blanks.
    func write(to json: inout JSONWriter, isOneLine: Bool = false) {
        json.startObject()
        json.field("log", log.rawValue)
        json.field("position", position.rawValue)
        json.field("stream", stream.rawValue)
        json.field("revision", revision.rawValue)
        json.field("id", id.description)
        json.field("type", type.rawValue)
        json.field("schemaVersion", schemaVersion)
        json.field("recordedAt", recordedAt.description)
        json.key("tags")
        tags.map(\.rawValue).sorted().write(to: &json)
        json.key("metadata")
        metadata.write(to: &json)
        writePayload(to: &json, isOneLine: isOneLine)
        json.endObject()
    }

    private func writePayload(to json: inout JSONWriter, isOneLine: Bool) {
        json.field("contentType", contentType.description)
        json.key("payload")
        if contentType == .binary {
            json.string(Data(payload).base64EncodedString())
        } else if isOneLine, payload.contains(where: isLineBreak) {
            json.raw(payload.lazy.map { isLineBreak($0) ? UInt8(ascii: " ") : $0 })
        } else {
            json.raw(payload)
        }
    }
}

/// JSON has line breaks between tokens alone: in strings they are escaped.
private func isLineBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

extension EventMetadata {
    fileprivate func write(to json: inout JSONWriter) {
        json.startObject()
        json.field("correlationId", correlationID.description)
        json.field("causationId", causationID?.description)
        json.field("commandId", commandID?.description)
        json.field("actor", actor)
        json.field("reason", reason)
        json.field("traceContext", traceContext)
        json.endObject()
    }
}

extension [RecordedEvent] {
    /// Writes a field `events`.
    func writeField(to json: inout JSONWriter) {
        json.key("events")
        json.startArray()
        for event in self {
            json.element()
            event.write(to: &json)
        }
        json.endArray()
    }
}
