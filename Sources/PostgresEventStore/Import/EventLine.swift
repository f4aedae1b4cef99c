internal import EventCodec
public import EventSourcing
internal import FoundationEssentials

/// An event as one line of JSON: what an export writes and an import reads.
///
/// The fields are those that `strata events read --json` shows, and besides `contentType` and `commandFingerprint`. A
/// payload of JSON stands as it is under `payload`. One that is no JSON, or whose bytes would not come back the same,
/// stands in Base64 under `payloadBase64`.
public enum EventLine {
    /// A line without its line feed.
    public static func bytes(of event: RecordedEvent) -> [UInt8] {
        let metadata = event.metadata
        var json = JSONWriter()
        json.startObject()
        json.field("position", Int(event.position.rawValue))
        json.field("stream", event.stream.rawValue)
        json.field("revision", Int(event.revision.rawValue))
        json.field("type", event.type.rawValue)
        json.field("schemaVersion", event.schemaVersion)
        json.field("contentType", event.contentType.description)
        json.field("recordedAt", event.recordedAt.description)
        json.field("eventId", event.id.description)
        json.field("correlationId", event.correlationID.description)
        json.field("causationId", event.causationID?.description)
        json.field("actor", metadata.actor)
        json.field("reason", metadata.reason)
        json.field("commandId", metadata.commandID?.description)
        json.field("commandFingerprint", metadata.commandFingerprint)
        json.field("traceContext", metadata.traceContext)
        json.field("tags", event.storedTags.isEmpty ? nil : event.storedTags)
        if event.contentType == .json, canStandAsItIs(event.payload) {
            json.key("payload")
            json.raw(event.payload)
        } else {
            json.field("payloadBase64", Data(event.payload).base64EncodedString())
        }
        json.endObject()
        return json.bytes
    }

    /// Reads a line.
    ///
    /// - Throws: ``JSONError``, which names the field and quotes no value.
    static func event(_ line: UnsafeBufferPointer<UInt8>) throws(JSONError) -> ImportedEvent {
        try Fields(jsonBytes: line).event
    }

    /// Whether a payload comes back byte by byte when it is a field of a line.
    private static func canStandAsItIs(_ payload: ArraySlice<UInt8>) -> Bool {
        guard !payload.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else { return false }
        let document = [UInt8(ascii: "[")] + payload + [UInt8(ascii: "]")]
        return document.withUnsafeBufferPointer { document in
            var json = JSONReader(document)
            do throws(JSONError) {
                try json.startArray()
                guard try json.nextElement() else { return false }
                let value = try json.rawValue()
                guard value.count == payload.count, try !json.nextElement() else { return false }
                try json.finish()
                return true
            } catch {
                return false
            }
        }
    }
}
