/// Names a projection, and its read model: `order-summary`.
public struct ProjectionName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible
{
    /// The longest name, in bytes.
    public static let lengthMax = PlainName.lengthMax

    public let rawValue: String

    /// Takes a name from outside.
    ///
    /// - Returns: `nil` unless the name is words of lowercase letters and digits with single hyphens between them, at
    ///   most ``lengthMax`` bytes in all, of which the first is a letter: `[a-z][a-z0-9]*(-[a-z0-9]+)*`.
    public init?(rawValue: String) {
        guard PlainName.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        precondition(PlainName.isValid(value), "'\(value)' is not the name of a projection")
        rawValue = value
    }

    /// Takes a name that a store has recorded, and so has checked before.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }
}

/// Folds events into the rows of a read model, one row for each key.
///
/// The runtime folds a whole batch of events in memory and writes each changed row once, together with the checkpoint.
public protocol Projection<Event>: Fold, Codable where Input == Recorded<Event> {
    associatedtype Event: ReadableEvent

    static var name: ProjectionName { get }
    /// Raised whenever the rows' form or meaning changes; the read model is then rebuilt.
    static var version: Int { get }

    /// The row that `event` belongs to, or `nil` when it belongs to none. Without an implementation there is one row
    /// for each stream, whose key is the stream's id.
    static func key(for event: Recorded<Event>) -> String?

    /// Takes in one event of the row's. ``Fold`` asks for it too; it stands here so that ``Event`` follows from it.
    mutating func apply(_ recorded: Recorded<Event>)
}

extension Projection {
    public static func key(for event: Recorded<Event>) -> String? { event.stream.id }
}
