internal import Commerce

/// What a demo sends, and what must come of it.
struct DemoPlan: Sendable {
    struct Order: Sendable {
        /// The order's place in the history; part of its idempotency key.
        let index: Int
        let customer: String
        let placedOn: String
        let product: Assortment.Product
        let quantity: Int
        let discountCents: Int
        let amountCents: Int
        let isDeclined: Bool
    }

    let run: String
    let orders: [Order]
    /// What is received of each product before the first order.
    let stock: [Assortment.Product: Int]
    let isScarce: Bool

    /// - Parameters:
    ///   - declineShare: The share of customers whose cards are declined, 0 to 1.
    ///   - isScarce: Whether there is less stock than is asked for.
    init(_ purchases: [Purchase], run: String, declineShare: Double, isScarce: Bool, seed: UInt64) {
        let assortment = Assortment(prefix: run)
        var random = SplitMix(state: seed)
        var declined: [String: Bool] = [:]
        var orders: [Order] = []
        var stock: [Assortment.Product: Int] = [:]
        for (index, purchase) in purchases.enumerated() {
            let isDeclined = declined[purchase.customer] ?? (Double.random(in: 0..<1, using: &random) < declineShare)
            declined[purchase.customer] = isDeclined
            let product = assortment.product(for: purchase, index: index)
            stock[product, default: 0] += purchase.quantity
            orders.append(
                Order(
                    index: index, customer: "\(run)-\(purchase.customer)", placedOn: purchase.date.rawValue,
                    product: product, quantity: purchase.quantity,
                    discountCents: assortment.discountCents(for: purchase, index: index),
                    amountCents: purchase.amountCents, isDeclined: isDeclined && purchase.amountCents > 0))
        }
        self.run = run
        self.orders = orders
        self.isScarce = isScarce
        self.stock = isScarce ? stock.mapValues { max(1, $0 * 9 / 10) } : stock
    }

    /// What must be confirmed in the end when there is stock for all.
    var expected: Totals {
        orders.reduce(into: Totals()) { totals, order in
            guard !order.isDeclined else { return }
            totals.add(quantity: order.quantity, amountCents: order.amountCents)
        }
    }
}
