internal import FoundationEssentials

extension EventPayload where Self: Codable {
    public var eventType: EventType {
        let mirror = Mirror(reflecting: self)
        let name = mirror.displayStyle == .enum ? mirror.children.first?.label ?? nameOfCase : "\(Self.self)"
        // Any name that Swift has: a store refuses the event when it is none of a type.
        return EventType(recorded: name)
    }

    /// Of a case without values. What it describes itself as may be meant for people; then its coded form has the name.
    private var nameOfCase: String {
        guard self is any CustomStringConvertible || self is any CustomDebugStringConvertible,
            let coded = try? JSONEncoder().encode(self)
        else { return "\(self)" }
        // A case with a raw value is coded as that.
        if let rawValue = try? JSONDecoder().decode(String.self, from: coded) { return rawValue }
        let names = try? JSONDecoder().decode([String: Anything].self, from: coded).keys
        return names?.first ?? "\(self)"
    }

    public func encode(into bytes: inout [UInt8]) throws(EventCodingError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            bytes.append(contentsOf: try encoder.encode(self))
        } catch {
            throw EventCodingError(type: eventType, reason: describe(error))
        }
    }

    public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(payload))
        } catch {
            throw EventCodingError(type: type, reason: describe(error))
        }
        // A structure finds its fields in events of other types, too; an enumeration has the case's name in the payload.
        guard Self.eventTypes != nil || Mirror(reflecting: self).displayStyle == .enum || eventType == type else {
            throw EventCodingError(type: type, reason: "it is not an event of \(Self.self)")
        }
    }
}

/// Takes any value, and keeps nothing of it.
private struct Anything: Decodable {
    init(from _: any Decoder) {}
}

/// Says where coding failed without quoting the value found there, which may be personal.
private func describe(_ error: any Error) -> String {
    switch error {
    case EncodingError.invalidValue(_, let context): "\(field(context.codingPath)) is a value that JSON does not have"
    case DecodingError.keyNotFound(let key, let context): "\(field(context.codingPath + [key])) is missing"
    case DecodingError.valueNotFound(_, let context): "\(field(context.codingPath)) is null"
    case DecodingError.typeMismatch(let type, let context): "\(field(context.codingPath)) is not a \(type)"
    case DecodingError.dataCorrupted(let context): "\(field(context.codingPath)) is malformed"
    default: "it is not valid JSON"
    }
}

/// The start of a sentence about what a path leads to.
private func field(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "it" : "field '\(path.map(printable).joined(separator: "."))'"
}

/// Names of fields are plain; a key of a dictionary may be anything, and personal.
private func printable(_ key: any CodingKey) -> String {
    let name = key.intValue.map { "\($0)" } ?? key.stringValue
    return (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(isPlain) ? name : "…"
}

private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
        true
    default: false
    }
}
