internal import EventCodec

/// How stores keep the part of the metadata that has no column of its own: a small JSON object.
extension EventMetadata {
    package var storedBytes: [UInt8] {
        var bytes: [UInt8] = []
        store(in: &bytes)
        return bytes
    }

    /// Appends ``storedBytes`` to `bytes`.
    package func store(in bytes: inout [UInt8]) {
        var json = JSONWriter(continuing: &bytes)
        json.startObject()
        json.field("actor", actor)
        json.field("command", commandID?.description)
        json.field("fingerprint", commandFingerprint)
        json.field("reason", reason)
        json.field("trace", traceContext)
        json.endObject()
        bytes = json.bytes
    }

    /// Bytes that cannot be read, which no version of this code writes, give an event without an actor and not none.
    package init(correlationID: CorrelationID, causationID: CausationID?, storedBytes: ArraySlice<UInt8>) {
        self.init(correlationID: correlationID, causationID: causationID, actor: "")
        guard let stored = try? StoredMetadata(jsonBytes: storedBytes) else { return }
        actor = stored.actor
        commandID = stored.command.flatMap { CommandID($0) }
        commandFingerprint = stored.fingerprint
        reason = stored.reason
        traceContext = stored.trace
    }
}

private struct StoredMetadata: JSONReadable {
    var actor = ""
    var command: String?
    var fingerprint: String?
    var reason: String?
    var trace: String?

    init(json: inout JSONReader) throws(JSONError) {
        _ = try json.startObject()
        while let key = try json.nextKey() {
            switch key {
            case "actor": actor = try json.string()
            case "command": command = try json.string()
            case "fingerprint": fingerprint = try json.string()
            case "reason": reason = try json.string()
            case "trace": trace = try json.string()
            default: try json.skipValue()
            }
        }
    }
}
