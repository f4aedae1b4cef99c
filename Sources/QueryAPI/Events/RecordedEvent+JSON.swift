internal import EventCodec
internal import EventSourcing
internal import FoundationEssentials

extension RecordedEvent {
    /// The event as clients see it; its payload goes last, byte for byte as it was recorded.
    var document: [UInt8] {
        let metadata = metadata
        var json = JSONWriter()
        json.startObject()
        if log != .main { json.field("log", log.rawValue) }
        json.field("position", Int(position.rawValue))
        json.field("stream", stream.rawValue)
        json.field("revision", Int(revision.rawValue))
        json.field("id", id.description)
        json.field("type", type.rawValue)
        json.field("schemaVersion", schemaVersion)
        json.field("recordedAt", recordedAt.description)
        json.field("correlationId", correlationID.description)
        json.field("causationId", causationID?.description)
        json.field("commandId", metadata.commandID?.description)
        json.field("actor", metadata.actor)
        json.field("reason", metadata.reason)
        json.key("data")
        switch contentType {
        case .json: return json.bytes + payload + [UInt8(ascii: "}")]
        case .binary:
            json.string(Data(payload).base64EncodedString())
            json.endObject()
            return json.bytes
        }
    }
}
