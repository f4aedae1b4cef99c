public import EventSourcing

/// What a customer buys at once. Its stream is `order-<order id>`.
public struct Order: Aggregate, Hashable {
    public static let category: StreamCategory = "order"

    /// Where an order stands.
    public enum Status: String, Sendable {
        /// Stock and payment are being arranged. Leads to `confirmed`, `cancelled`, `rejected`.
        case placed
        /// Stock and payment are certain. Leads to `shipped`, `cancelled`.
        case confirmed
        /// Terminal.
        case shipped
        /// Terminal.
        case cancelled
        /// Terminal.
        case rejected
    }

    /// `nil` while there is no such order.
    public private(set) var status: Status?
    /// What was ordered, `nil` while there is no such order.
    public private(set) var details: OrderPlaced?
    /// How it was shipped, `nil` until it was.
    public private(set) var shipment: OrderShipped?

    public init() {}

    public mutating func apply(_ event: OrderEvent) {
        switch event {
        case .placed(let placed):
            status = .placed
            details = placed
        case .confirmed: status = .confirmed
        case .shipped(let shipped):
            status = .shipped
            shipment = shipped
        case .cancelled: status = .cancelled
        case .rejected: status = .rejected
        }
    }
}
