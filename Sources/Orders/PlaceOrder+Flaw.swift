public import Commerce

extension PlaceOrder {
    /// What is wrong with an order that cannot be placed.
    public enum Flaw: Error, Sendable, Hashable, CustomStringConvertible {
        case noLines
        case tooManyLines
        case invalidQuantity(SKU)
        case negativePrice(SKU)
        case invalidText(SKU)
        case repeatedLine(SKU, LocationID)
        case mixedCurrencies
        case amountTooLarge
        case invalidDiscount(sum: Money)
        case wrongTotal(expected: Money)
        case invalidCardToken

        /// For programs: the name of the case.
        public var code: String {
            switch self {
            case .noLines: "noLines"
            case .tooManyLines: "tooManyLines"
            case .invalidQuantity: "invalidQuantity"
            case .negativePrice: "negativePrice"
            case .invalidText: "invalidText"
            case .repeatedLine: "repeatedLine"
            case .mixedCurrencies: "mixedCurrencies"
            case .amountTooLarge: "amountTooLarge"
            case .invalidDiscount: "invalidDiscount"
            case .wrongTotal: "wrongTotal"
            case .invalidCardToken: "invalidCardToken"
            }
        }

        public var description: String {
            switch self {
            case .noLines: "an order has at least one line"
            case .tooManyLines: "an order has at most \(PlaceOrder.linesMax) lines"
            case .invalidQuantity(let sku): "the quantity of \(sku) is not a number from 1 to \(PlaceOrder.quantityMax)"
            case .negativePrice(let sku): "the unit price of \(sku) is negative"
            case .invalidText(let sku): "the description or tax class of \(sku) is too long or has control characters"
            case .repeatedLine(let sku, let location): "\(sku) at \(location) is on two lines"
            case .mixedCurrencies: "all amounts of an order are in one currency"
            case .amountTooLarge: "the order's amounts are too large to add up"
            case .invalidDiscount(let sum): "the discount is negative, or more than the lines' sum of \(sum)"
            case .wrongTotal(let expected): "the lines less the discount come to \(expected), not to the total"
            case .invalidCardToken: "the card token is not 1 to 255 visible ASCII characters, or is a card number"
            }
        }
    }
}
