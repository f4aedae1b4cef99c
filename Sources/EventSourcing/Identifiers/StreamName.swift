/// A kind of stream: the part of a stream's name before the first `-`, such as `order`.
public struct StreamCategory: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible
{
    public let rawValue: String

    /// Takes a category from outside.
    ///
    /// - Returns: `nil` when it is empty, longer than ``StreamName/lengthMax`` bytes, or holds a `-` or a control
    ///   character.
    public init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        precondition(Self.isValid(value), "'\(value)' is not a category of streams")
        rawValue = value
    }

    /// Takes the category of a stream that a store has recorded, whatever it is.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    private static func isValid(_ name: String) -> Bool {
        StreamName.isValid(name) && !name.utf8.contains(StreamName.separator)
    }

    public static func == (left: StreamCategory, right: StreamCategory) -> Bool {
        left.rawValue.isExactly(right.rawValue)
    }

    public func hash(into hasher: inout Hasher) { rawValue.hashExactly(into: &hasher) }

    public var description: String { rawValue }

    /// The stream of one instance of this category.
    ///
    /// - Parameter id: Any text: a store refuses the name when it is none of a stream (``StreamName/init(rawValue:)``).
    public func stream(_ id: String) -> StreamName { StreamName(category: self, id: id) }
}

/// The name of a stream: `category-id`, at most ``lengthMax`` bytes of UTF-8 without control characters (U+0000 to
/// U+001F and U+007F).
///
/// Two names are the same when their bytes are: `é` as one scalar and as `e` with an accent name two streams.
public struct StreamName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The longest name a store accepts, in bytes of UTF-8.
    public static let lengthMax = 512

    public let rawValue: String

    /// - Parameter id: Any text: a store refuses the name when it is none of a stream (``init(rawValue:)``).
    public init(category: StreamCategory, id: String) {
        rawValue = category.rawValue + "-" + id
    }

    /// Takes a name from outside.
    ///
    /// - Returns: `nil` when the name is empty, longer than ``lengthMax`` or holds a control character.
    public init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        precondition(Self.isValid(value), "'\(value)' is not the name of a stream")
        rawValue = value
    }

    /// Takes a name that a store has recorded, and so has checked before.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    public static func == (left: StreamName, right: StreamName) -> Bool { left.rawValue.isExactly(right.rawValue) }

    public func hash(into hasher: inout Hasher) { rawValue.hashExactly(into: &hasher) }

    public var description: String { rawValue }

    /// The part before the first `-`, or the whole name when there is none.
    public var category: String { String(decoding: rawValue.utf8[..<separatorIndex], as: UTF8.self) }

    /// The part after the first `-`.
    public var id: String { String(decoding: rawValue.utf8[separatorIndex...].dropFirst(), as: UTF8.self) }

    static let separator = UInt8(ascii: "-")

    /// By bytes, as in SQL: a `-` with an accent on it still separates.
    private var separatorIndex: String.Index { rawValue.utf8.firstIndex(of: Self.separator) ?? rawValue.endIndex }

    static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= lengthMax && !name.hasByte { $0 < 0x20 || $0 == 0x7f }
    }
}
