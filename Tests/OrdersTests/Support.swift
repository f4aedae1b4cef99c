import Commerce
import Orders

let orderID = OrderID(rawValue: "10248")

func usd(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "USD")) }

func line(
    _ sku: String, _ quantity: Int = 1, at unitPrice: Money = usd(100), from place: String = "rotterdam"
) -> OrderPlaced.Line {
    OrderPlaced.Line(
        sku: SKU(rawValue: sku), location: LocationID(rawValue: place), quantity: quantity, unitPrice: unitPrice,
        taxClass: "reduced", description: "a thing")
}

/// 12 × 18.00 + 23.25 − 10.00.
let order = PlaceOrder(
    orderID: orderID, customerID: CustomerID(rawValue: "VINET"), placedOn: CalendarDate(rawValue: "1996-07-04"),
    lines: [line("CHAI-20", 12, at: usd(1_800)), line("TOFU-1", at: usd(2_325))], discount: usd(1_000),
    total: usd(22_925), cardToken: "tok_approve")

func order(_ change: (inout PlaceOrder) -> Void) -> PlaceOrder {
    var changed = order
    change(&changed)
    return changed
}

let placed = OrderEvent.placed(
    OrderPlaced(
        orderID: order.orderID, customerID: order.customerID, placedOn: order.placedOn, lines: order.lines,
        discount: order.discount, total: order.total, cardToken: order.cardToken))
let confirmed = OrderEvent.confirmed(OrderConfirmed(orderID: orderID))
let shipped = OrderEvent.shipped(OrderShipped(orderID: orderID, carrier: "Federal Shipping", tracking: "T-1"))
let rejected = OrderEvent.rejected(
    OrderRejected(orderID: orderID, reason: "the card was declined", code: "paymentDeclined"))

func cancelled(wasConfirmed: Bool) -> OrderEvent {
    .cancelled(OrderCancelled(orderID: orderID, reason: "ordered twice", wasConfirmed: wasConfirmed))
}
