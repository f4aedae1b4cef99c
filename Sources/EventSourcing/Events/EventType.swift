/// The name of a kind of event, unique in the whole system: `OrderPlaced`.
public struct EventType: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }

    /// Takes a name that a store has recorded, and so has checked before.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    public static func == (left: EventType, right: EventType) -> Bool { left.rawValue.isExactly(right.rawValue) }

    public func hash(into hasher: inout Hasher) { rawValue.hashExactly(into: &hasher) }

    public var description: String { rawValue }
}
