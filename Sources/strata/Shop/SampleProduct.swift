internal import Catalog
internal import Commerce
internal import EventSourcing
internal import Inventory
internal import PostgresEventStore

/// A product on the shelf of a shop that has nothing yet, so that the first order can be placed at once.
enum SampleProduct {
    static let sku = SKU(rawValue: "sample-cd")
    static let actor = "strata up"
    private static let price = Money(minorUnits: 1_177, currency: Currency(rawValue: "USD"))

    /// Does nothing in a shop that has any history.
    static func add(to shop: Shop) async throws {
        guard try await shop.store.heads() == .start else { return }
        // The stock first: a shop that is stopped in between shows no product that cannot be bought.
        let item = StockItem(sku: sku, location: .main)
        _ = try await shop.commands.execute(
            .receive(item, quantity: 1_000), on: item.id, as: Stock.self, CommandContext(actor: actor))
        let details = ProductDetails(sku: sku, name: "A sample CD", price: price, taxClass: .standard)
        _ = try await shop.commands.execute(
            .create(details), on: sku.rawValue, as: Product.self, CommandContext(actor: actor))
    }
}
