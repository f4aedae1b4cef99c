public import Commerce
public import EventSourcing

/// The units of one SKU at one location. Its stream is `stock-<SKU>@<location>`.
///
/// `onHand = available + reserved`, and none of the three is ever negative.
public struct Stock: SnapshottingAggregate, Codable, Hashable {
    public static let category: StreamCategory = "stock"
    public static let snapshotVersion = 1

    /// What is counted, `nil` until anything was.
    public private(set) var item: StockItem?
    /// Units that are there.
    public private(set) var onHand = 0
    /// Units that are there, and set aside for orders.
    public private(set) var reserved = 0
    /// Units set aside for each order. There is at least one unit for each, so units on hand bound the orders.
    public private(set) var reservations: [OrderID: Int] = [:]
    private(set) var finished = FinishedOrders()

    public init() {}

    /// Units that can be sold.
    public var available: Int { onHand &- reserved }

    // Sums wrap: `decide` keeps them far from the limits, and no history may end the process.
    public mutating func apply(_ event: StockEvent) {
        switch event {
        case .received(let event):
            item = StockItem(sku: event.sku, location: event.location)
            onHand &+= event.quantity
        case .adjusted(let event):
            item = StockItem(sku: event.sku, location: event.location)
            onHand &+= event.delta
        case .reserved(let event):
            reservations[event.orderID] = event.quantity
            reserved &+= event.quantity
        case .reservationReleased(let event):
            end(event.orderID, unitsAway: 0)
        case .reservationCommitted(let event):
            onHand &-= end(event.orderID, unitsAway: event.quantity)
        case .returned(let event):
            onHand &+= event.quantity
            finished.takeBack(event.orderID, event.quantity)
        }
    }

    /// - Returns: How many units were set aside.
    @discardableResult
    private mutating func end(_ order: OrderID, unitsAway: Int) -> Int {
        let quantity = reservations.removeValue(forKey: order) ?? 0
        reserved &-= quantity
        finished.remember(order, unitsAway: unitsAway)
        return quantity
    }
}
