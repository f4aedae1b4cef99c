internal import EventCodec
internal import NIOConcurrencyHelpers

/// Waits until every order has ended, and compares what the query API reports with what was sent.
struct Settlement: Sendable {
    let plan: DemoPlan
    let shop: ShopClient
    let concurrency: Int

    private struct Reported: Sendable {
        let id: String
        let day: String
        let status: String
        let quantity: Int
        let amountCents: Int
    }

    /// How long orders may take to end after the last one was placed.
    private static let patience = Duration.seconds(180)
    /// How long payments and stock may lag behind the orders: each has a read model of its own.
    private static let lagMax = Duration.seconds(20)
    private static let pause = Duration.milliseconds(200)

    func settle(_ report: @escaping @Sendable (Demo.Step) -> Void) async throws -> DemoOutcome {
        var outcome = DemoOutcome()
        for order in plan.orders { outcome.sent.add(quantity: order.quantity, amountCents: order.amountCents) }
        outcome.expected = plan.isScarce ? nil : plan.expected
        let reported = try await waitForEnds(report)
        outcome.settledAt = .now
        compare(reported, &outcome)
        try await checkMoney(reported, &outcome)
        try await checkStock(&outcome)
        return outcome
    }

    // MARK: Waiting

    /// Customers are asked about in the order in which they ordered. A round stops where most have open orders, so that
    /// asking does not take the shop's time from working.
    private func waitForEnds(_ report: @escaping @Sendable (Demo.Step) -> Void) async throws -> [String: [Reported]] {
        let expected = Dictionary(grouping: plan.orders, by: \.customer).mapValues(\.count)
        let ended = NIOLockedValueBox<[String: [Reported]]>([:])
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        var open = expected.keys.sorted()
        while !open.isEmpty {
            let isLastTry = ContinuousClock.now > deadline
            var stillOpen: [String] = []
            while !open.isEmpty {
                let chunk = Array(open.prefix(256))
                open.removeFirst(chunk.count)
                try await chunk.forEachConcurrently(concurrency, { _ in }) { customer in
                    let orders = try await orders(of: customer)
                    let hasEnded = orders.count == expected[customer] && !orders.contains { $0.status == "placed" }
                    if hasEnded || isLastTry { ended.withLockedValue { $0[customer] = orders } }
                }
                let left = ended.withLockedValue { ended in chunk.filter { ended[$0] == nil } }
                stillOpen += left
                report(.settling(done: ended.withLockedValue { $0.count }, of: expected.count))
                if left.count > chunk.count / 2 { break }
            }
            open = stillOpen + open
            if !open.isEmpty { try await Task.sleep(for: .milliseconds(500), clock: .continuous) }
        }
        return ended.withLockedValue { $0 }
    }

    private func orders(of customer: String) async throws -> [Reported] {
        var orders: [Reported] = []
        var cursor = ""
        while true {
            let page = try await shop.query("/customers/\(customer)/orders?limit=200\(cursor)")
            orders += (page?["orders"]?.array ?? []).map { order in
                Reported(
                    id: order["orderId"]?.string ?? "", day: order["placedOn"]?.string ?? "",
                    status: order["status"]?.string ?? "", quantity: order["quantity"]?.integer ?? 0,
                    amountCents: order["total"]?["minorUnits"]?.integer ?? 0)
            }
            guard let next = page?["next"]?.string else { return orders }
            cursor = "&cursor=\(next)"
        }
    }

    // MARK: Comparing

    private func compare(_ reported: [String: [Reported]], _ outcome: inout DemoOutcome) {
        for order in reported.values.joined() {
            switch order.status {
            case "confirmed": outcome.confirmed.add(quantity: order.quantity, amountCents: order.amountCents)
            case "rejected": outcome.rejected += 1
            default: outcome.differ("order in between", "\(order.id) is \(order.status)")
            }
        }
        for (customer, orders) in Dictionary(grouping: plan.orders, by: \.customer) {
            compare(customer, orders, reported[customer] ?? [], &outcome)
        }
        guard let expected = outcome.expected, expected != outcome.confirmed else { return }
        outcome.differ("sums", "expected \(expected), and the shop reports \(outcome.confirmed)")
    }

    /// Orders of one customer and day cannot be told apart but by what they hold: they are compared as sets.
    private func compare(
        _ customer: String, _ sent: [DemoPlan.Order], _ reported: [Reported], _ outcome: inout DemoOutcome
    ) {
        let want = sent.map { "\($0.placedOn) \($0.quantity) for \($0.amountCents)" }.sorted()
        let have = reported.map { "\($0.day) \($0.quantity) for \($0.amountCents)" }.sorted()
        if want != have { outcome.differ("orders of a customer", "\(customer) ordered \(want), and has \(have)") }
        let isDeclined = sent.contains(where: \.isDeclined)
        for order in reported where isDeclined && order.status == "confirmed" && order.amountCents > 0 {
            outcome.differ("declined and yet confirmed", "order \(order.id) of \(customer)")
        }
        for order in reported where !plan.isScarce && !isDeclined && order.status == "rejected" {
            outcome.differ("rejected without a reason", "order \(order.id) of \(customer)")
        }
    }

    /// Orders that were confirmed are paid in full, and those that were rejected hold no money.
    private func checkMoney(_ reported: [String: [Reported]], _ outcome: inout DemoOutcome) async throws {
        let orders = Array(reported.values.joined())
        let confirmed = orders.filter { $0.status == "confirmed" && $0.amountCents > 0 }
        for order in try await unlike(Self.isPaid, confirmed) {
            outcome.differ("confirmed and not paid", "order \(order.id) of \(order.amountCents) cents")
        }
        for order in try await unlike(Self.holdsNothing, orders.filter { $0.status == "rejected" }) {
            outcome.differ("rejected and yet paid", "order \(order.id)")
        }
    }

    /// Whether an order's whole price was collected, as its summary says. Somebody may have refunded of that, or cancelled
    /// the order, since.
    private static func isPaid(_ order: Reported, _ summary: JSONValue?) -> Bool {
        guard let summary else { return false }
        return summary["status"]?.string == "cancelled"
            || summary["payment"]?["captured"]?["minorUnits"]?.integer == order.amountCents
    }

    /// Whether an order holds no money. A summary that does not know of the rejection yet says nothing of that either.
    private static func holdsNothing(_ order: Reported, _ summary: JSONValue?) -> Bool {
        let payment = summary?["payment"]
        let captured = payment?["captured"]?["minorUnits"]?.integer ?? 0
        let refunded = payment?["refunded"]?["minorUnits"]?.integer ?? 0
        return summary?["status"]?.string == "rejected" && payment?["status"]?.string != "authorised"
            && captured == refunded
    }

    /// Asks for the summaries of orders, and again for those that are not as they must be, while these may lag.
    ///
    /// - Returns: Those of the orders that are not so in the end.
    private func unlike(
        _ isRight: @escaping @Sendable (Reported, JSONValue?) -> Bool, _ orders: [Reported]
    ) async throws -> [Reported] {
        var wrong = try await unlikeNow(isRight, orders)
        let deadline = ContinuousClock.now.advanced(by: Self.lagMax)
        while !wrong.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: Self.pause, clock: .continuous)
            wrong = try await unlikeNow(isRight, wrong)
        }
        return wrong
    }

    private func unlikeNow(
        _ isRight: @escaping @Sendable (Reported, JSONValue?) -> Bool, _ orders: [Reported]
    ) async throws -> [Reported] {
        let found = NIOLockedValueBox<[Reported]>([])
        try await orders.forEachConcurrently(concurrency, { _ in }) { order in
            let summary = try await shop.query("/orders/\(order.id)")
            if !isRight(order, summary) { found.withLockedValue { $0.append(order) } }
        }
        return found.withLockedValue { $0 }
    }

    /// Nothing is oversold or held back: what is there is what was received less what confirmed orders took.
    private func checkStock(_ outcome: inout DemoOutcome) async throws {
        let deadline = ContinuousClock.now.advanced(by: Self.lagMax)
        var found = try await stockDifferences(outcome.confirmed.quantity)
        while !found.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: Self.pause, clock: .continuous)
            found = try await stockDifferences(outcome.confirmed.quantity)
        }
        for (kind, text) in found { outcome.differ(kind, text) }
    }

    private func stockDifferences(_ confirmed: Int) async throws -> [(kind: String, text: String)] {
        let levels = NIOLockedValueBox<[String: JSONValue]>([:])
        try await Array(plan.stock.keys).forEachConcurrently(concurrency, { _ in }) { product in
            let level = try await shop.query("/stock/main/\(product.sku)")
            levels.withLockedValue { $0[product.sku] = level }
        }
        var differences: [(kind: String, text: String)] = []
        var sold = 0
        for (product, received) in plan.stock {
            let level = levels.withLockedValue { $0[product.sku] }
            let (available, reserved) = (level?["available"]?.integer ?? -1, level?["reserved"]?.integer ?? -1)
            if available < 0 || available > received {
                differences.append(("oversold", "\(product.sku) has \(available) of \(received)"))
            }
            if reserved != 0 { differences.append(("stock held back", "\(reserved) of \(product.sku)")) }
            sold += received - available
        }
        if sold != confirmed { differences.append(("stock", "\(sold) left the shelves, and \(confirmed) were sold")) }
        return differences
    }
}
