import Catalog
import CommandAPI
import Commerce
import EventSourcing
import HTTPTestSupport
import Support
import Testing

struct PriceBookTests {
    private let store = InMemoryEventStore()
    private let commands: CommandExecutor<InMemoryEventStore>
    private let usd = Currency(rawValue: "USD")

    init() { commands = CommandExecutor(store: store) }

    private func product(_ sku: String, _ minorUnits: Int) -> ProductDetails {
        ProductDetails(
            sku: SKU(rawValue: sku), name: "Kind of Blue", price: Money(minorUnits: minorUnits, currency: usd),
            taxClass: .standard)
    }

    private func price(_ book: PriceBook<InMemoryEventStore>, _ sku: String) async throws -> Int? {
        if case .onSale(let details) = try await book.product(SKU(rawValue: sku)) {
            details.price.minorUnits
        } else {
            nil
        }
    }

    @Test func `knows the newest prices before it has caught up, and follows them then`() async throws {
        let book = PriceBook(store: store, commands: commands, productsMax: 1, logger: quiet)
        for sku in ["A", "B"] {
            _ = try await commands.execute(.create(product(sku, 1)), on: sku, as: Product.self, .init(actor: "test"))
            _ = try await commands.execute(
                .reprice(Money(minorUnits: 2, currency: usd)), on: sku, as: Product.self, .init(actor: "test"))
        }
        #expect(try await price(book, "A") == 2)
        try await withServices([book]) {
            try await eventually { book.isCurrent }
            #expect(try await price(book, "A") == 2)
            #expect(try await price(book, "B") == 2)
            #expect(try await price(book, "C") == nil)
            for sku in ["A", "B"] {
                _ = try await commands.execute(
                    .reprice(Money(minorUnits: 3, currency: usd)), on: sku, as: Product.self, .init(actor: "test"))
                try await eventually { try await price(book, sku) == 3 }
            }
            _ = try await commands.execute(.withdraw(reason: nil), on: "A", as: Product.self, .init(actor: "test"))
            try await eventually { try await price(book, "A") == nil }
        }
    }

    @Test func `has caught up with a log in which nothing happened`() async throws {
        let store = RoutedEventStore(
            [InMemoryEventStore(log: "orders"), InMemoryEventStore()],
            routing: LogRouting([.init(categories: ["order"], logs: ["orders"])]))
        let commands = CommandExecutor(store: store)
        _ = try await commands.execute(.create(product("A", 1)), on: "A", as: Product.self, .init(actor: "test"))
        let book = PriceBook(store: store, commands: commands, logger: quiet)
        try await withServices([book]) { try await eventually { book.isCurrent } }
    }
}
