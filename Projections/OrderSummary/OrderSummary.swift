public import Commerce
public import EventSourcing
public import Orders
public import Payments

/// An order with its payment, one row for each order: what a customer or a support agent asks for.
///
/// The order and its payment may lie in different logs: neither changes what the other has written, and the later of
/// two times counts whichever was seen first.
public struct OrderSummary: Projection {
    public typealias Event = Either<OrderEvent, PaymentEvent>

    public static let name: ProjectionName = "order-summary"
    public static let version = 3

    public enum Status: String, Sendable, Codable {
        case placed, confirmed, shipped, cancelled, rejected
    }

    public struct Line: Sendable, Codable, Hashable {
        public var sku: SKU
        public var location: LocationID
        public var quantity: Int
        public var unitPrice: Money
        public var taxClass: String?
        public var description: String?
    }

    public struct Payment: Sendable, Codable, Hashable {
        public enum Status: String, Sendable, Codable {
            case none, authorised, declined, captured, voided, refunded
        }

        /// A refund that the provider has not answered yet.
        public struct PendingRefund: Sendable, Codable, Hashable {
            public var requestId: String
            public var amount: Money
        }

        public var status = Status.none
        public var authorised: Money?
        public var captured: Money?
        public var refunded: Money?
        public var pendingRefunds: [PendingRefund] = []
        /// Of the payment's own stream, for who writes to it; `nil` until anything was.
        public var revision: Int64?
    }

    public struct Shipment: Sendable, Codable, Hashable {
        public var carrier: String?
        public var tracking: String
    }

    public struct Refusal: Sendable, Codable, Hashable {
        public var code: String
        public var reason: String
    }

    public var orderId: OrderID?
    public var orderNumber: OrderNumber?
    public var customerId: CustomerID?
    public var placedOn: CalendarDate?
    public var status = Status.placed
    public var lines: [Line] = []
    public var discount: Money?
    public var total: Money?
    public var payment = Payment()
    public var shipment: Shipment?
    public var refusal: Refusal?
    public var revision: Int64 = 0
    public var placedAt: String?
    public var updatedAt: String?

    public init() {}

    public mutating func apply(_ recorded: Recorded<Event>) {
        let time = recorded.event.recordedAt.description
        // Times in this form sort as text.
        updatedAt = max(updatedAt ?? time, time)
        switch recorded.payload {
        case .first(let event):
            revision = recorded.event.revision.rawValue
            apply(event, at: time)
        case .second(let event):
            payment.revision = recorded.event.revision.rawValue
            payment.apply(event)
        }
    }

    private mutating func apply(_ event: OrderEvent, at time: String) {
        switch event {
        case .placed(let event):
            placedAt = time
            place(event)
        case .confirmed: status = .confirmed
        case .cancelled(let event):
            status = .cancelled
            refusal = Refusal(code: "cancelled", reason: event.reason)
        case .rejected(let event):
            status = .rejected
            refusal = Refusal(code: event.code, reason: event.reason)
        case .shipped(let event):
            status = .shipped
            shipment = Shipment(carrier: event.carrier, tracking: event.tracking)
        }
    }

    private mutating func place(_ event: OrderPlaced) {
        orderId = event.orderID
        orderNumber = event.orderNumber
        customerId = event.customerID
        placedOn = event.placedOn
        discount = event.discount
        total = event.total
        lines = event.lines.map { line in
            Line(
                sku: line.sku, location: line.location, quantity: line.quantity, unitPrice: line.unitPrice,
                taxClass: line.taxClass, description: line.description)
        }
    }
}

extension OrderSummary.Payment {
    fileprivate mutating func apply(_ event: PaymentEvent) {
        switch event {
        case .authorised(let event):
            status = .authorised
            authorised = event.amount
        case .declined: status = .declined
        case .captured(let event):
            status = .captured
            captured = event.amount
        case .voided: status = .voided
        case .refundRequested(let event):
            pendingRefunds.append(PendingRefund(requestId: event.requestID, amount: event.amount))
        case .refundDeclined(let event): settle(event.requestID)
        case .refunded(let event):
            status = .refunded
            // Refunds of one payment are in its own currency: the aggregate refuses others.
            refunded = (try? refunded?.adding(event.amount)) ?? event.amount
            settle(event.requestID)
        }
    }

    private mutating func settle(_ request: String?) { pendingRefunds.removeAll { $0.requestId == request } }
}
