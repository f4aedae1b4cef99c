import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
import Orders
import Payments
import SagaEngine
import Sagas

let orderID = OrderID(rawValue: "10248")
let orderStream = Order.category.stream(orderID.rawValue)
let paymentStream = Payment.category.stream(orderID.rawValue)
let chai = SKU(rawValue: "CHAI-20")
let tofu = SKU(rawValue: "TOFU-1")
let rotterdam = LocationID(rawValue: "rotterdam")

func usd(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "USD")) }

func stockStream(_ sku: SKU) -> StreamName { Stock.category.stream(Stock.id(sku, rotterdam)) }

func received(_ sku: SKU, _ quantity: Int) -> StockEvent {
    .received(StockReceived(sku: sku, location: rotterdam, quantity: quantity))
}

func reserved(_ sku: SKU, _ quantity: Int) -> StockEvent {
    .reserved(StockReserved(sku: sku, location: rotterdam, orderID: orderID, quantity: quantity))
}

func released(_ sku: SKU, _ quantity: Int) -> StockEvent {
    .reservationReleased(ReservationReleased(sku: sku, location: rotterdam, orderID: orderID, quantity: quantity))
}

func committed(_ sku: SKU, _ quantity: Int) -> StockEvent {
    .reservationCommitted(ReservationCommitted(sku: sku, location: rotterdam, orderID: orderID, quantity: quantity))
}

func returned(_ sku: SKU, _ quantity: Int) -> StockEvent {
    .returned(StockReturned(sku: sku, location: rotterdam, orderID: orderID, quantity: quantity))
}

/// 12 × 18.00 + 23.25.
let total = usd(23_925)

func placed(card: String = "tok_approve", total: Money = total) -> OrderEvent {
    let lines = [(chai, 12, usd(1_800)), (tofu, 1, usd(2_325))].map { sku, quantity, price in
        OrderPlaced.Line(
            sku: sku, location: rotterdam, quantity: quantity, unitPrice: price, taxClass: nil, description: nil)
    }
    return .placed(
        OrderPlaced(
            orderID: orderID, customerID: CustomerID(rawValue: "VINET"), placedOn: CalendarDate(rawValue: "1996-07-04"),
            lines: lines, discount: usd(23_925 - total.minorUnits), total: total, cardToken: card))
}

let confirmed = OrderEvent.confirmed(OrderConfirmed(orderID: orderID))

func cancelled(wasConfirmed: Bool) -> OrderEvent {
    .cancelled(OrderCancelled(orderID: orderID, reason: "ordered twice", wasConfirmed: wasConfirmed))
}

func rejected(code: String, reason: String) -> OrderEvent {
    .rejected(OrderRejected(orderID: orderID, reason: reason, code: code))
}

/// A shop with two products in stock, and a provider of payments.
struct Shop: Sendable {
    let provider = SimulatedPaymentProvider()

    func fulfilment(chai chaiCount: Int = 20, tofu tofuCount: Int = 20) async throws -> SagaScenario<OrderFulfilment> {
        try await SagaScenario { commands in
            OrderFulfilment(payments: PaymentService(provider: provider, commands: commands))
        }
        .given(received(chai, chaiCount), in: stockStream(chai))
        .given(received(tofu, tofuCount), in: stockStream(tofu))
    }

    func cancellation() async throws -> SagaScenario<OrderCancellation> {
        SagaScenario { commands in
            OrderCancellation(payments: PaymentService(provider: provider, commands: commands))
        }
    }

    var held: Int { provider.ledger.held(for: orderID) }
    var captured: Int { provider.ledger.captured(for: orderID) }
    var refunded: Int { provider.ledger.refunded(for: orderID) }
}

extension SagaScenario.Outcome {
    func payment() async throws -> Payment { try await aggregate(Payment.self, orderID.rawValue) }
    func order() async throws -> Order { try await aggregate(Order.self, orderID.rawValue) }
    func stock(_ sku: SKU) async throws -> Stock { try await aggregate(Stock.self, Stock.id(sku, rotterdam)) }
}
