internal import EventCodec
internal import EventSourcing
internal import HTTPSupport

extension JSONRule where Value == JSONValue {
    static var any: JSONRule { JSONRule { value, _ in value } }
}

extension JSONRule where Value == StreamName {
    static var stream: JSONRule {
        .text("1 to \(StreamName.lengthMax) bytes of UTF-8 without control characters") { StreamName(rawValue: $0) }
    }
}

extension JSONRule where Value == ExpectedRevision {
    static var expectedRevision: JSONRule {
        JSONRule { value, place in
            switch value {
            case .integer(let revision) where revision >= 0: return .exact(Revision(rawValue: Int64(revision)))
            case "any": return .any
            case "noStream": return .noStream
            case "streamExists": return .streamExists
            default:
                place.report("is not a revision, 'any', 'noStream' or 'streamExists'")
                return nil
            }
        }
    }
}

extension JSONRule where Value == EventID {
    static var eventID: JSONRule { .text("a UUID") { EventID($0) } }
}

extension JSONRule where Value == CorrelationID {
    static var correlationID: JSONRule { .text("a UUID") { CorrelationID($0) } }
}

extension JSONRule where Value == CausationID {
    static var causationID: JSONRule { .text("a UUID") { CausationID($0) } }
}

extension JSONRule where Value == EventType {
    static var eventType: JSONRule { .text(EventType.phrase) { EventType(rawValue: $0) } }
}

extension EventType {
    static var phrase: String { "1 to \(EventType.lengthMax) bytes of UTF-8 without control characters" }
}

extension JSONRule where Value == EventTag {
    static var tag: JSONRule { .text(EventTag.phrase) { EventTag(rawValue: $0) } }
}

extension EventTag {
    static var phrase: String { "1 to \(EventTag.lengthMax) bytes of UTF-8 without control characters" }
}

extension JSONRule where Value == ContentType {
    static var contentType: JSONRule {
        .text("'\(ContentType.json)' or '\(ContentType.binary)'") { ContentType($0) }
    }
}

extension JSONRule where Value == String {
    static var reason: JSONRule {
        .text("1 to \(StoreRoutes.reasonLengthMax) characters without control characters") { text in
            let characters = text.unicodeScalars
            let isValid =
                (1...StoreRoutes.reasonLengthMax).contains(characters.count)
                && characters.allSatisfy { $0.properties.generalCategory != .control }
            return isValid ? text : nil
        }
    }
}
