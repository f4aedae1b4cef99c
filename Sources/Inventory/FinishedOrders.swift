internal import Commerce

/// The newest orders whose reservations have ended, to tell a repeat from a mistake.
///
/// A hot stock sees tens of thousands of orders, so the oldest are forgotten: at least the newest ``capacity`` are kept,
/// and at most twice as many. Two generations do that: when the young one is full it becomes the old one.
struct FinishedOrders: Sendable, Hashable, Codable {
    static let capacity = 1_000

    private var young: [OrderID: Int] = [:]
    private var old: [OrderID: Int] = [:]

    /// How many units have left for `order` and are still away: 0 after a release or a return, `nil` when the order is
    /// not remembered.
    subscript(order: OrderID) -> Int? { young[order] ?? old[order] }

    mutating func remember(_ order: OrderID, unitsAway: Int) {
        young[order] = unitsAway
        guard young.count >= Self.capacity else { return }
        old = young
        young = [:]
    }

    mutating func forget(_ order: OrderID) {
        young[order] = nil
        old[order] = nil
    }
}
