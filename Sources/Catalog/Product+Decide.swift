public import Commerce

extension Product {
    /// What can be asked of a product.
    public enum Command: Sendable, Hashable {
        /// Puts it on sale.
        case create(ProductDetails)
        /// Changes its price, for orders placed from now on.
        case reprice(Money)
        /// Takes it off sale for good, with the reason in 1 to 500 characters if there is one.
        case withdraw(reason: String?)
    }

    public func decide(_ command: Command) throws(Refusal) -> [ProductEvent] {
        switch (self, command) {
        case (.unknown, .create(let details)):
            guard details.name.isText(1...200) else { throw .invalidName }
            try requirePrice(details.price)
            return [.created(details.created)]
        case (.onSale(let existing), .create(let details)):
            guard existing == details else { throw .alreadyExists }
            return []
        case (.onSale(let details), .reprice(let price)):
            try requirePrice(price)
            return details.price == price ? [] : [.repriced(ProductRepriced(sku: details.sku, price: price))]
        case (.onSale(let details), .withdraw(let reason)):
            guard reason?.isText(1...500) ?? true else { throw .invalidReason }
            return [.withdrawn(ProductWithdrawn(sku: details.sku, reason: reason))]
        case (.withdrawn, .withdraw): return []
        case (.withdrawn, .create), (.withdrawn, .reprice): throw .withdrawn
        case (.unknown, .reprice), (.unknown, .withdraw): throw .unknown
        }
    }

    private func requirePrice(_ price: Money) throws(Refusal) {
        guard price.minorUnits >= 0 else { throw .negativePrice }
    }
}
