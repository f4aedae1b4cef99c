/// The three letters of ISO 4217: `USD`.
public struct Currency: TextIdentifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Takes text from outside: three capital letters.
    public init?(validating text: String) {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else { return nil }
        self.init(rawValue: text)
    }
}

/// An amount in the minor units of a currency: 1177 of `USD` is $11.77.
///
/// Amounts of two currencies do not add up: every sum says what it does when they differ.
public struct Money: Hashable, Sendable, Codable, CustomStringConvertible {
    public let minorUnits: Int
    public let currency: Currency

    public init(minorUnits: Int, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency: currency) }

    public var isZero: Bool { minorUnits == 0 }
    public var description: String { "\(minorUnits) \(currency) minor units" }

    /// - Throws: ``MoneyError`` when the currencies differ or the sum does not fit.
    public func adding(_ other: Money) throws(MoneyError) -> Money {
        guard currency == other.currency else { throw .currenciesDiffer(currency, other.currency) }
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        guard !overflow else { throw .outOfRange }
        return Money(minorUnits: sum, currency: currency)
    }

    /// - Throws: ``MoneyError`` when the product does not fit.
    public func multiplied(by count: Int) throws(MoneyError) -> Money {
        let (product, overflow) = minorUnits.multipliedReportingOverflow(by: count)
        guard !overflow else { throw .outOfRange }
        return Money(minorUnits: product, currency: currency)
    }
}

/// Why amounts cannot be computed with.
public enum MoneyError: Error, Hashable, Sendable {
    case currenciesDiffer(Currency, Currency)
    case outOfRange
}
