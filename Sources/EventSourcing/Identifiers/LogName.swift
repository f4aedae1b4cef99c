/// The name of a log: what is ordered in itself, and nothing beyond it.
public struct LogName: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The longest name, in bytes of UTF-8.
    public static let lengthMax = 48

    /// The log that every database has.
    public static let main: LogName = "main"

    public let rawValue: String

    /// Takes a name from outside.
    ///
    /// - Returns: `nil` unless the name is one to ``lengthMax`` lowercase letters, digits, `_` and `-`, of which the
    ///   first is a letter.
    public init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        precondition(Self.isValid(value), "'\(value)' is not the name of a log")
        rawValue = value
    }

    /// Takes a name that a store has recorded, and so has checked before.
    package init(recorded rawValue: String) { self.rawValue = rawValue }

    private static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return name.utf8.count <= lengthMax
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    public static func < (left: LogName, right: LogName) -> Bool { left.rawValue < right.rawValue }

    public var description: String { rawValue }
}
