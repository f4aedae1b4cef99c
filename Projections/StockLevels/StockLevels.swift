public import Commerce
public import EventSourcing
public import Inventory

/// What is there of each SKU at each location, one row for each of them: `<sku>@<location>`.
public struct StockLevels: Projection {
    public typealias Event = StockEvent

    public static let name: ProjectionName = "stock-levels"
    public static let version = 1

    public var sku: SKU?
    public var location: LocationID?
    /// `available + reserved`.
    public var onHand = 0
    public var available = 0
    public var reserved = 0
    public var revision: Int64 = 0

    public init() {}

    public mutating func apply(_ recorded: Recorded<StockEvent>) {
        revision = recorded.event.revision.rawValue
        switch recorded.payload {
        case .received(let event): take(event.sku, event.location, available: event.quantity)
        case .adjusted(let event): take(event.sku, event.location, available: event.delta)
        case .reserved(let event):
            take(event.sku, event.location, available: 0 &- event.quantity, reserved: event.quantity)
        case .reservationReleased(let event):
            take(event.sku, event.location, available: event.quantity, reserved: 0 &- event.quantity)
        case .reservationCommitted(let event): take(event.sku, event.location, reserved: 0 &- event.quantity)
        case .returned(let event): take(event.sku, event.location, available: event.quantity)
        }
    }

    private mutating func take(_ sku: SKU, _ location: LocationID, available: Int = 0, reserved: Int = 0) {
        self.sku = sku
        self.location = location
        // Events of others may hold any numbers, and none of them may end the process.
        self.available &+= available
        self.reserved &+= reserved
        onHand = self.available &+ self.reserved
    }
}
