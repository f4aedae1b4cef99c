/// What an event is about, besides its stream: `customer:42`, `coupon:SPRING`.
///
/// Tags let one decision depend on events of many streams: see ``EventQuery`` and ``AppendCondition``.
public struct EventTag: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The longest tag a store accepts, in bytes of UTF-8.
    public static let lengthMax = 256

    public let rawValue: String

    /// Takes a tag from outside.
    ///
    /// - Returns: `nil` when the tag is empty, longer than ``lengthMax`` or holds a control character.
    public init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// Key and value may be any texts: a store refuses what is no tag (``init(rawValue:)``).
    ///
    /// - Parameters:
    ///   - key: What kind of thing it is, such as `customer`.
    ///   - value: Which one, such as `42`.
    public init(_ key: String, _ value: String) { rawValue = "\(key):\(value)" }

    public init(stringLiteral value: String) {
        precondition(Self.isValid(value), "'\(value)' is not a tag")
        rawValue = value
    }

    /// Takes a tag that a store has recorded, and so has checked before.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    static func isValid(_ tag: String) -> Bool {
        StreamName.isValid(tag) && tag.utf8.count <= lengthMax
    }

    public static func == (left: EventTag, right: EventTag) -> Bool { left.rawValue.isExactly(right.rawValue) }

    public func hash(into hasher: inout Hasher) { rawValue.hashExactly(into: &hasher) }

    public static func < (left: EventTag, right: EventTag) -> Bool { left.rawValue.isExactlyBefore(right.rawValue) }

    public var description: String { rawValue }
}

/// How stores keep the tags of an event: sorted, one to a line, and nothing when there are none.
extension Set<EventTag> {
    package var storedText: String { isEmpty ? "" : sorted().map(\.rawValue).joined(separator: "\n") }

    package init(storedText: String) {
        self = Set(
            storedText.utf8.split(separator: UInt8(ascii: "\n")).map {
                EventTag(recorded: String(decoding: $0, as: UTF8.self))
            })
    }
}
