public import Catalog
public import Commerce
public import EventSourcing

/// Says what products cost.
public protocol PriceSource: Sendable {
    /// The product of `sku` as it is now, or was a moment ago.
    func product(_ sku: SKU) async throws(CommandError<Product.Refusal>) -> Product
}
