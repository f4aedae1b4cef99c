internal import EventCodec

/// Compares the shop's sales by day, all days together, with what a run sold.
struct SalesCheck: Sendable {
    let shop: ShopClient

    /// How long the sales may lag behind the orders.
    private static let patience = Duration.seconds(20)

    func totals() async throws -> Totals {
        let sales = try await shop.query("/sales")
        var totals = Totals()
        for entry in sales?["totals"]?.array ?? [] where entry["currency"]?.string == "USD" {
            totals.orders = entry["orders"]?.integer ?? 0
            totals.quantity = entry["quantity"]?.integer ?? 0
            totals.amountCents = entry["gross"]?["minorUnits"]?.integer ?? 0
        }
        return totals
    }

    func compare(with before: Totals, _ outcome: inout DemoOutcome) async throws {
        let expected = before.adding(outcome.confirmed)
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        var reported = try await totals()
        while reported != expected, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(200), clock: .continuous)
            reported = try await totals()
        }
        guard reported != expected else { return }
        outcome.differ("sales by day", "they should be \(expected), and are \(reported)")
    }
}

extension Totals {
    fileprivate func adding(_ other: Totals) -> Totals {
        var sum = self
        sum.orders += other.orders
        sum.quantity += other.quantity
        sum.amountCents += other.amountCents
        return sum
    }
}
