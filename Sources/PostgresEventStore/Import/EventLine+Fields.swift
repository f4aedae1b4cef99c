internal import EventCodec
internal import EventSourcing
internal import FoundationEssentials

extension EventLine {
    /// What a line says.
    struct Fields: JSONReadable {
        let event: ImportedEvent

        init(json: inout JSONReader) throws(JSONError) {
            var text: [Name: String] = [:]
            var schemaVersion: Int?
            var payload: [UInt8]?
            let object = try json.startObject()
            while let key = try json.nextKey() {
                switch key {
                case "schemaVersion": try json.read(&schemaVersion)
                case "payload":
                    guard payload == nil else { throw json.failure(.duplicate) }
                    payload = Array(try json.rawValue())
                // Where it stood in the log that it comes from: for people.
                case "position", "revision": try json.skipValue()
                default:
                    guard let name = Name(rawValue: key.text) else {
                        throw json.failure(.invalid("is not a field of an event"))
                    }
                    guard text[name] == nil else { throw json.failure(.duplicate) }
                    if json.peekKind() == .null { try json.null() } else { text[name] = try json.string() }
                }
            }
            let values = Values(text: text, json: json, object: object)
            event = try values.event(schemaVersion: schemaVersion ?? 1, payload: payload)
        }
    }

    /// The fields whose values are strings.
    enum Name: String {
        case stream, type, contentType, recordedAt, eventId, correlationId, causationId, actor, reason, commandId
        case commandFingerprint, traceContext, tags, payloadBase64
    }
}

/// The strings of a line, on their way to become what they mean.
private struct Values {
    let text: [EventLine.Name: String]
    let json: JSONReader
    let object: JSONObjectMark

    func event(schemaVersion: Int, payload: [UInt8]?) throws(JSONError) -> ImportedEvent {
        let metadata = EventMetadata(
            correlationID: try required(.correlationId, "correlationId", "is not a UUID") { CorrelationID($0) },
            causationID: try optional(.causationId, "is not a UUID") { CausationID($0) },
            commandID: try optional(.commandId, "is not a UUID") { CommandID($0) },
            commandFingerprint: text[.commandFingerprint], actor: text[.actor] ?? "", reason: text[.reason],
            traceContext: text[.traceContext])
        let contentType = try optional(.contentType, "is not a content type that events have") {
            ContentType($0)
        }
        let event = NewEvent(
            id: try required(.eventId, "eventId", "is not a UUID") { EventID($0) },
            type: try required(.type, "type", "is not the name of a type") { EventType(rawValue: $0) },
            schemaVersion: schemaVersion,
            contentType: contentType ?? .json, payload: try bytes(payload),
            tags: try optional(.tags, "is not a list of tags, one to a line", Self.tags) ?? [], metadata: metadata)
        return ImportedEvent(
            event, stream: try required(.stream, "stream", "is not the name of a stream") { StreamName(rawValue: $0) },
            recordedAt: try optional(.recordedAt, "is not a time in UTC") { Timestamp($0) })
    }

    private static func tags(_ text: String) -> Set<EventTag>? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let tags = lines.compactMap { EventTag(rawValue: String($0)) }
        return tags.count == lines.count ? Set(tags) : nil
    }

    private func bytes(_ payload: [UInt8]?) throws(JSONError) -> [UInt8] {
        let encoded = try optional(.payloadBase64, "is not Base64") { Data(base64Encoded: $0).map(Array.init) }
        switch (payload, encoded) {
        case (let bytes?, nil), (nil, let bytes?): return bytes
        case (nil, nil): throw json.missing("payload", in: object)
        case (_?, _?): throw JSONError(path: "payloadBase64", problem: .invalid("stands beside a payload"))
        }
    }

    private func required<Value>(
        _ name: EventLine.Name, _ field: StaticString, _ complaint: String, _ make: (String) -> Value?
    ) throws(JSONError) -> Value {
        guard let value = try optional(name, complaint, make) else { throw json.missing(field, in: object) }
        return value
    }

    private func optional<Value>(
        _ name: EventLine.Name, _ complaint: String, _ make: (String) -> Value?
    ) throws(JSONError) -> Value? {
        guard let text = text[name] else { return nil }
        guard let value = make(text) else { throw JSONError(path: name.rawValue, problem: .invalid(complaint)) }
        return value
    }
}
