internal import FoundationEssentials

extension EventPayload where Self: Codable {
    public var eventType: EventType {
        let mirror = Mirror(reflecting: self)
        let name = mirror.displayStyle == .enum ? mirror.children.first?.label ?? nameOfCase : "\(Self.self)"
        return EventType(rawValue: name)
    }

    /// Of a case without values. What it describes itself as may be meant for people; then its coded form has the name.
    private var nameOfCase: String {
        guard self is any CustomStringConvertible || self is any CustomDebugStringConvertible,
            let coded = try? JSONEncoder().encode(self),
            let names = try? JSONDecoder().decode([String: Anything].self, from: coded).keys
        else { return "\(self)" }
        return names.first ?? "\(self)"
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
    }
}

/// Takes any value, and keeps nothing of it.
private struct Anything: Decodable {
    init(from _: any Decoder) {}
}

/// Says where decoding failed without quoting the value found there, which may be personal.
private func describe(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
        context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context): "field '\(path(context)).\(key.stringValue)' is missing"
    case DecodingError.valueNotFound(_, let context): "field '\(path(context))' is null"
    case DecodingError.typeMismatch(let type, let context): "field '\(path(context))' is not a \(type)"
    case DecodingError.dataCorrupted(let context): "field '\(path(context))' is malformed"
    default: "it is not valid JSON"
    }
}
