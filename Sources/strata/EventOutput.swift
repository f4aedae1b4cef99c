internal import EventCodec
internal import EventSourcing
internal import Terminal

/// How events are shown.
enum EventOutput {
    static func object(_ event: RecordedEvent) -> JSONObject {
        let metadata = event.metadata
        return [
            "log": .string(event.log.rawValue), "position": .integer(Int(event.position.rawValue)),
            "stream": .string(event.stream.rawValue),
            "revision": .integer(Int(event.revision.rawValue)), "type": .string(event.type.rawValue),
            "schemaVersion": .integer(event.schemaVersion), "recordedAt": .string(event.recordedAt.description),
            "actor": .string(metadata.actor), "reason": metadata.reason.map { .string($0) } ?? .null,
            "eventId": .string(event.id.description), "correlationId": .string(event.correlationID.description),
            "causationId": event.causationID.map { .string($0.description) } ?? .null,
            "commandId": metadata.commandID.map { .string($0.description) } ?? .null,
            "traceContext": metadata.traceContext.map { .string($0) } ?? .null,
            "tags": .array(event.tags.map(\.rawValue).sorted().map { .string($0) }),
            "contentType": .string("\(event.contentType)"), "payload": payload(event),
        ]
    }

    static func object(_ positions: LogPositions) -> JSONValue {
        .object(
            JSONObject(positions.all.map { .init(key: $0.log.rawValue, value: .integer(Int($0.position.rawValue))) }))
    }

    static func table(_ events: [RecordedEvent]) -> String {
        var table = Table("position", "recorded at", "stream", "rev", "type", "actor", "payload")
        for event in events {
            table.add(
                "\(event.logPosition)", "\(event.recordedAt)", shortened(event.stream.rawValue, 48),
                "\(event.revision)",
                "\(event.type)", event.metadata.actor, shortened(text(event), 80))
        }
        return table.rendered
    }

    static func text(_ event: RecordedEvent) -> String {
        event.contentType == .json ? String(decoding: event.payload, as: UTF8.self) : "\(event.payload.count) bytes"
    }

    static func shortened(_ text: String, _ length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }

    private static func payload(_ event: RecordedEvent) -> JSONValue {
        guard event.contentType == .json, let value = try? JSONValue(jsonBytes: event.payload) else {
            return .string("\(event.payload.count) bytes")
        }
        return value
    }
}
