/// The products of the demo: a ladder of prices, several products for each price.
///
/// A history says what was paid and not for what. A purchase becomes so many of the cheapest product that costs at
/// least as much as one of it did, and a discount makes the order's total come out exactly.
struct Assortment: Sendable {
    struct Product: Sendable, Hashable {
        let sku: String
        let priceCents: Int
    }

    /// Products of one price, so that a busy shop does not sell everything from one shelf.
    private static let productsPerPrice = 8
    private static let priceStepCents = 200

    private let prefix: String

    /// - Parameter prefix: Keeps the products of different runs apart.
    init(prefix: String) { self.prefix = prefix }

    func product(for purchase: Purchase, index: Int) -> Product {
        let unit = (purchase.amountCents + purchase.quantity - 1) / purchase.quantity
        let steps = max(1, (unit + Self.priceStepCents - 1) / Self.priceStepCents)
        let price = steps * Self.priceStepCents
        return Product(sku: "\(prefix)-cd-\(price)-\(index % Self.productsPerPrice)", priceCents: price)
    }

    func discountCents(for purchase: Purchase, index: Int) -> Int {
        product(for: purchase, index: index).priceCents * purchase.quantity - purchase.amountCents
    }
}
