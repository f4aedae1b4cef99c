internal import AsyncHTTPClient
internal import EventCodec
internal import NIOCore

/// Drives the shop through its public HTTP API as many concurrent customers would, and compares in the end what the
/// query API reports with what was sent.
public struct Demo: Sendable {
    /// What a demo does.
    public struct Options: Sendable {
        public var commandURL = "http://127.0.0.1:8081"
        public var queryURL = "http://127.0.0.1:8082"
        /// What a shop with tokens knows the demo by: one of role `staff`.
        public var token: String?
        /// Customers that order at the same time.
        public var concurrency = 64
        /// The share of customers whose cards are declined, 0 to 1.
        public var declineShare = 0.0
        /// Whether there is less stock than is asked for.
        public var isScarce = false
        public var seed: UInt64 = 1
        /// Whether the shop's sales must have grown by what this run sold: only when nobody else sells meanwhile, and
        /// the run does not go on with an earlier one.
        public var comparesSales = true
        /// Names the run: its products, customers and idempotency keys. A run of the same name goes on where an earlier
        /// one stopped.
        public var run: String

        public init(run: String) { self.run = run }
    }

    /// What goes on, for whoever waits.
    public enum Step: Sendable {
        case stocking(done: Int, of: Int)
        case ordering(done: Int, of: Int)
        case settling(done: Int, of: Int)
    }

    private let options: Options
    private let plan: DemoPlan

    public init(_ purchases: [Purchase], _ options: Options) {
        self.options = options
        plan = DemoPlan(
            purchases, run: options.run, declineShare: options.declineShare, isScarce: options.isScarce,
            seed: options.seed)
    }

    /// Orders everything, waits until no order is in between, and compares.
    public func run(_ report: @escaping @Sendable (Step) -> Void) async throws -> DemoOutcome {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.concurrency
        configuration.httpVersion = .http1Only
        let http = HTTPClient(configuration: configuration)
        do {
            let outcome = try await run(
                ShopClient(
                    http: http, commandURL: options.commandURL, queryURL: options.queryURL, actor: "demo",
                    token: options.token), report)
            try await http.shutdown()
            return outcome
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private func run(_ shop: ShopClient, _ report: @escaping @Sendable (Step) -> Void) async throws -> DemoOutcome {
        let salesBefore = options.comparesSales ? try await SalesCheck(shop: shop).totals() : nil
        try await stock(shop, report)
        let began = ContinuousClock.now
        try await order(shop, report)
        let orderedAfter = began.duration(to: .now)
        var outcome = try await Settlement(plan: plan, shop: shop, concurrency: options.concurrency).settle(report)
        if let salesBefore { try await SalesCheck(shop: shop).compare(with: salesBefore, &outcome) }
        outcome.orderedSeconds = orderedAfter / .seconds(1)
        outcome.settledSeconds = outcome.settledAt.map { began.duration(to: $0) / .seconds(1) } ?? 0
        return outcome
    }

    private func stock(_ shop: ShopClient, _ report: @escaping @Sendable (Step) -> Void) async throws {
        let products = plan.stock.sorted { $0.key.sku < $1.key.sku }
        try await forEach(products, { report(.stocking(done: $0, of: products.count)) }) { product, quantity in
            try await shop.command(
                "/products", key: "\(plan.run)-product-\(product.sku)",
                [
                    "sku": .string(product.sku), "name": .string("A CD for \(product.priceCents) cents"),
                    "price": usd(product.priceCents), "taxClass": "standard",
                ])
            try await shop.command(
                "/stock/main/\(product.sku)/receive", key: "\(plan.run)-stock-\(product.sku)",
                ["quantity": .integer(quantity)])
        }
    }

    private func order(_ shop: ShopClient, _ report: @escaping @Sendable (Step) -> Void) async throws {
        try await forEach(plan.orders, { report(.ordering(done: $0, of: plan.orders.count)) }) { order in
            try await shop.command(
                "/orders", key: "\(plan.run)-order-\(order.index)",
                [
                    "customerId": .string(order.customer), "placedOn": .string(order.placedOn),
                    "lines": [["sku": .string(order.product.sku), "quantity": .integer(order.quantity)]],
                    "discount": usd(order.discountCents),
                    "cardToken": order.isDeclined ? "tok_decline" : "tok_approve",
                ])
        }
    }

    private func usd(_ cents: Int) -> JSONValue { ["minorUnits": .integer(cents), "currency": "USD"] }

    private func forEach<Element: Sendable>(
        _ elements: [Element], _ report: @escaping @Sendable (Int) -> Void,
        _ work: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        try await elements.forEachConcurrently(options.concurrency, report, work)
    }
}

extension Array where Element: Sendable {
    /// Works on so many elements at a time, in order; reports how many are done.
    func forEachConcurrently(
        _ concurrency: Int, _ report: @escaping @Sendable (Int) -> Void,
        _ work: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var done = 0
            for (index, element) in enumerated() {
                if index >= concurrency {
                    try await group.next()
                    done += 1
                    report(done)
                }
                group.addTask { try await work(element) }
            }
            while try await group.next() != nil {
                done += 1
                report(done)
            }
        }
    }
}
