/// An identifier that is written as text.
///
/// Reading one back from history never fails, so the plain initialiser takes any text; text from outside goes through
/// ``init(validating:)``.
public protocol TextIdentifier: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible
where RawValue == String {
    init(rawValue: String)

    /// Takes text from outside.
    ///
    /// - Returns: `nil` when `text` does not follow the type's rules.
    init?(validating text: String)
}

extension TextIdentifier {
    /// Takes text from outside: 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
    ///
    /// - Returns: `nil` when `text` is anything else.
    public init?(validating text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(isIdentifierCharacter) else { return nil }
        self.init(rawValue: text)
    }

    public var description: String { rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

private func isIdentifierCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
    default: false
    }
}

/// Stock keeping unit: what is counted, priced and sold. A product is known by its SKU in every context.
public struct SKU: TextIdentifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A place that holds stock.
public struct LocationID: TextIdentifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Where a line of an order ships from when nobody says.
    public static let main = LocationID(rawValue: "main")
}

/// One order; also names its payment and its fulfilment.
public struct OrderID: TextIdentifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The number that people know an order by: the customer's own, or the shop's. No two orders of the shop have the same.
public struct OrderNumber: TextIdentifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Takes text from outside: 1 to 40 characters of `A-Z a-z 0-9 . _ / -`, which are compared as they are.
    ///
    /// - Returns: `nil` when `text` is anything else.
    public init?(validating text: String) {
        guard (1...40).contains(text.utf8.count),
            text.utf8.allSatisfy({ isIdentifierCharacter($0) || $0 == UInt8(ascii: "/") })
        else { return nil }
        self.init(rawValue: text)
    }
}

/// Who buys.
public struct CustomerID: TextIdentifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}
