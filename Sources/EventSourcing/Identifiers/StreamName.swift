/// A kind of stream: the part of a stream's name before the first `-`, such as `order`.
public struct StreamCategory: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible
{
    public let rawValue: String

    /// - Parameter rawValue: One or more characters, none of which is `-` or a control character.
    public init(rawValue: String) {
        precondition(StreamName.isValid(rawValue) && !rawValue.contains("-"), "'\(rawValue)' is not a stream category")
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) { self.init(rawValue: value) }

    public var description: String { rawValue }

    /// The stream of one instance of this category.
    public func stream(_ id: String) -> StreamName { StreamName(category: self, id: id) }
}

/// The name of a stream: `category-id`, at most ``lengthMax`` bytes of UTF-8 without control characters.
public struct StreamName: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The longest name a store accepts, in bytes of UTF-8.
    public static let lengthMax = 512

    public let rawValue: String

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

    /// Takes a name that a store has recorded, and so has checked before.
    public init(recorded rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    /// The part before the first `-`, or the whole name when there is none.
    public var category: String { String(rawValue.prefix { $0 != "-" }) }

    /// The part after the first `-`.
    public var id: String { String(rawValue.drop { $0 != "-" }.dropFirst()) }

    static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= lengthMax
            && !name.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    }
}
