/// The name of a kind of event, unique in the whole system: `OrderPlaced`.
public struct EventType: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The longest name a store accepts, in bytes of UTF-8.
    public static let lengthMax = 128

    public let rawValue: String

    /// Takes a name from outside.
    ///
    /// - Returns: `nil` when the name is empty, longer than ``lengthMax`` or holds a control character.
    public init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        precondition(Self.isValid(value), "'\(value)' is not the name of a type of events")
        rawValue = value
    }

    /// Takes a name that a store has recorded, and so has checked before.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    static func isValid(_ name: String) -> Bool { StreamName.isValid(name) && name.utf8.count <= lengthMax }

    public static func == (left: EventType, right: EventType) -> Bool { left.rawValue.isExactly(right.rawValue) }

    public func hash(into hasher: inout Hasher) { rawValue.hashExactly(into: &hasher) }

    public var description: String { rawValue }
}
