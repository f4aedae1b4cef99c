public import Catalog
public import Commerce
public import EventSourcing
public import Logging
internal import NIOConcurrencyHelpers
public import ServiceLifecycle

/// The catalogue in memory: follows the log, so that pricing an order reads nothing from the store.
///
/// A price is as old as the subscription is slow, which is milliseconds: an order placed in the moment of a change may
/// still have the old price, as if it had been placed just before. Until the book has caught up with the log, when the
/// log cannot be read, and for products that it does not have, it asks the aggregate, which is never behind.
public final class PriceBook<Store: StreamStore>: PriceSource, Service {
    private struct Book {
        var products: [SKU: Product] = [:]
        var positions = LogPositions.start
        /// The logs that it has not read to their end yet.
        var behind: Set<LogName>

        var isCurrent: Bool { behind.isEmpty }
    }

    private let store: Store
    private let commands: any CommandPort
    private let productsMax: Int
    private let logger: Logger
    private let book: NIOLockedValueBox<Book>

    /// - Parameter productsMax: How many products are kept in memory; the aggregate is asked for the others.
    public init(store: Store, commands: any CommandPort, productsMax: Int = 1_000_000, logger: Logger) {
        self.store = store
        self.commands = commands
        self.productsMax = productsMax
        self.logger = logger
        book = NIOLockedValueBox(Book(behind: Set(store.logNames)))
    }

    public func product(_ sku: SKU) async throws(CommandError<Product.Refusal>) -> Product {
        let known = book.withLockedValue { $0.isCurrent ? $0.products[sku] : nil }
        if let known { return known }
        return try await commands.state(of: sku.rawValue, as: Product.self).state
    }

    /// Whether the book answers from memory.
    public var isCurrent: Bool { book.withLockedValue { $0.isCurrent } }

    /// Follows the log until the task is cancelled or a graceful shutdown is asked for.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.follow()
                } catch is CancellationError {
                    return
                } catch {
                    self.book.withLockedValue { $0.behind = Set(self.store.logNames) }
                    self.logger.warning("the price book lost the log; trying again", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(1), clock: .continuous)
                }
            }
        }
    }

    private func follow() async throws {
        let heads = try await store.heads()
        let positions = book.withLockedValue { book in
            // A log with nothing more to read gives no batch that would say so.
            for log in store.logNames where book.positions[log] >= heads[log] { book.behind.remove(log) }
            return book.positions
        }
        let filter = EventFilter.events(of: ProductEvent.self, in: Product.category)
        for try await batch in store.subscribe(after: positions, filter: filter) {
            book.withLockedValue { book in
                for event in batch.events { apply(event, to: &book) }
                book.positions[batch.log] = batch.position
                if batch.isLive { book.behind.remove(batch.log) }
            }
        }
    }

    private func apply(_ event: RecordedEvent, to book: inout Book) {
        let sku = SKU(rawValue: event.stream.id)
        guard let change = try? event.decode(as: ProductEvent.self) else {
            // The aggregate has the same trouble, and tells whoever asks for this product.
            logger.error("an event of a product cannot be read", metadata: ["position": "\(event.logPosition)"])
            book.products[sku] = nil
            return
        }
        if case .created = change, book.products.count < productsMax { book.products[sku] = Product() }
        // A product whose beginning is not in the book is not in the book.
        book.products[sku]?.apply(change)
    }
}
