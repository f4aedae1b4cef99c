internal import EventCodec
internal import EventSourcing
internal import FoundationEssentials
internal import HTTPSupport

/// One event as a client sends it.
struct EventBody: Sendable {
    /// What the client says about an event besides what happened.
    struct Metadata: Sendable {
        var correlationID: CorrelationID?
        var causationID: CausationID?
        var reason: String?
    }

    /// What happened.
    enum Payload: Sendable {
        /// Its bytes stand in the body, and are taken from there.
        case json(JSONValue)
        case binary([UInt8])
    }

    let id: EventID
    let type: EventType
    let schemaVersion: Int
    let payload: Payload
    let tags: Set<EventTag>
    let metadata: Metadata
}

extension JSONRule where Value == EventBody {
    static func event(_ limits: AppendLimits) -> JSONRule {
        JSONRule<Draft>.draft(limits).map { draft, place in
            guard let payload = draft.payload(at: place.field("payload")) else { return nil }
            return EventBody(
                id: draft.id, type: draft.type, schemaVersion: draft.schemaVersion, payload: payload,
                tags: Set(draft.tags), metadata: draft.metadata)
        }
    }
}

/// An event whose payload was not looked at yet.
private struct Draft: Sendable {
    let id: EventID
    let type: EventType
    let schemaVersion: Int
    let contentType: ContentType
    let payload: JSONValue
    let tags: [EventTag]
    let metadata: EventBody.Metadata

    func payload(at place: JSONPlace) -> EventBody.Payload? {
        guard contentType == .binary else { return .json(payload) }
        guard let bytes = payload.string.flatMap({ Data(base64Encoded: $0) }) else {
            place.report("is not base64 (RFC 4648, section 4), which binary content is sent as")
            return nil
        }
        return .binary(Array(bytes))
    }
}

extension JSONRule where Value == Draft {
    fileprivate static func draft(_ limits: AppendLimits) -> JSONRule {
        .object { fields in
            fields.all(
                fields.required("id", .eventID), fields.required("type", .eventType),
                fields.optional("schemaVersion", .integer(in: 1...Int(Int16.max))),
                fields.optional("contentType", .contentType), fields.required("payload", JSONRule<JSONValue>.any),
                fields.optional("tags", .array(of: .tag, countMax: limits.tagsMax)),
                fields.optional("metadata", .metadata)
            ).map { id, type, version, contentType, payload, tags, metadata in
                Draft(
                    id: id, type: type, schemaVersion: version ?? 1, contentType: contentType ?? .json,
                    payload: payload, tags: tags ?? [], metadata: metadata ?? EventBody.Metadata())
            }
        }
    }
}

extension JSONRule where Value == EventBody.Metadata {
    fileprivate static var metadata: JSONRule {
        .object { fields in
            fields.all(
                fields.optional("correlationId", .correlationID), fields.optional("causationId", .causationID),
                fields.optional("reason", .reason)
            ).map(EventBody.Metadata.init)
        }
    }
}
