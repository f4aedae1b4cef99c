internal import Commerce

/// The newest orders whose reservations have ended, to tell a repeat from a mistake.
///
/// A hot stock sees tens of thousands of orders, so the oldest are forgotten but for the sum of their units: at least
/// the newest ``capacity`` are kept, and at most twice as many. Two generations do that: when the young one is full it
/// becomes the old one.
struct FinishedOrders: Sendable, Hashable, Codable {
    static let capacity = 1_000

    private var young: [OrderID: Int] = [:]
    private var old: [OrderID: Int] = [:]
    /// Units that have left for orders that are forgotten, and are still away.
    private(set) var unitsForgotten = 0

    /// How many units have left for `order` and are still away: 0 after a release or a return, `nil` when the order is
    /// not remembered.
    subscript(order: OrderID) -> Int? { young[order] ?? old[order] }

    /// The reservation of `order` has ended.
    mutating func remember(_ order: OrderID, unitsAway: Int) {
        old[order] = nil
        young[order] = unitsAway
        guard young.count >= Self.capacity else { return }
        unitsForgotten = old.values.reduce(unitsForgotten, &+)
        old = young
        young = [:]
    }

    /// Units of `order` have come back.
    mutating func takeBack(_ order: OrderID, _ quantity: Int) {
        if self[order] == nil { unitsForgotten &-= quantity }
        remember(order, unitsAway: 0)
    }
}
