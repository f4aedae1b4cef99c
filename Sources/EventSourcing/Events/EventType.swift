/// The name of a kind of event, unique in the whole system: `OrderPlaced`.
public struct EventType: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }

    public static func == (left: EventType, right: EventType) -> Bool { left.rawValue.isExactly(right.rawValue) }

    public func hash(into hasher: inout Hasher) { rawValue.hashExactly(into: &hasher) }

    public var description: String { rawValue }
}

/// How the bytes of a payload are to be read.
public enum ContentType: Int16, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case json = 0
    case binary = 1

    /// - Returns: `nil` when `text` is no media type that payloads have.
    public init?(_ text: String) {
        guard let known = Self.allCases.first(where: { $0.description == text }) else { return nil }
        self = known
    }

    public var description: String {
        switch self {
        case .json: "application/json"
        case .binary: "application/octet-stream"
        }
    }
}
