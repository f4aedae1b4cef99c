import Commerce
import EventSourcing
import Payments

let order = OrderID(rawValue: "10248")

func usd(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "USD")) }
func eur(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "EUR")) }

func authorised(_ minorUnits: Int = 1_000, id: String = "auth-1") -> PaymentEvent {
    .authorised(PaymentAuthorised(orderID: order, amount: usd(minorUnits), authorisationID: id))
}

func captured(_ minorUnits: Int = 1_000, id: String = "cap-1") -> PaymentEvent {
    .captured(PaymentCaptured(orderID: order, amount: usd(minorUnits), captureID: id))
}

func refunded(_ minorUnits: Int, id: String = "ref-1") -> PaymentEvent {
    .refunded(PaymentRefunded(orderID: order, amount: usd(minorUnits), refundID: id, reason: "broken on arrival"))
}

func requested(_ minorUnits: Int, by request: String = "r-1") -> PaymentEvent {
    .refundRequested(
        PaymentRefundRequested(
            orderID: order, requestID: request, amount: usd(minorUnits), reason: "broken on arrival"))
}

func settled(_ minorUnits: Int, of request: String = "r-1", id: String = "ref-1") -> PaymentEvent {
    .refunded(
        PaymentRefunded(
            orderID: order, requestID: request, amount: usd(minorUnits), refundID: id, reason: "broken on arrival"))
}

func refundDeclined(_ request: String = "r-1") -> PaymentEvent {
    .refundDeclined(
        PaymentRefundDeclined(
            orderID: order, requestID: request, code: "account_closed", reason: "the account is closed"))
}

let declined = PaymentEvent.declined(
    PaymentDeclined(orderID: order, amount: usd(1_000), code: "card_declined", reason: "the bank declined the card"))
let wasDeclined = Payment.Refusal.paymentDeclined(code: "card_declined", reason: "the bank declined the card")
let voided = PaymentEvent.voided(PaymentVoided(orderID: order, reason: "the order was cancelled"))

/// A shop's payments on a store in memory.
struct Shop: Sendable {
    let provider = SimulatedPaymentProvider()
    let store = InMemoryEventStore()
    let payments: PaymentService

    init() { payments = PaymentService(provider: provider, commands: CommandExecutor(store: store)) }

    /// As if the process had been killed and started again: the provider remembers, and nothing else does.
    func restarted() -> PaymentService {
        PaymentService(provider: provider, commands: CommandExecutor(store: store))
    }

    func payment() async throws -> Payment {
        try await CommandExecutor(store: store).state(of: order.rawValue, as: Payment.self).state
    }

    func events() async throws -> [PaymentEvent] {
        try await store.readAll(Payment.category.stream(order.rawValue)).map { event in try event.decode() }
    }

    func held() -> Int { provider.ledger.held(for: order) }
    func captured() -> Int { provider.ledger.captured(for: order) }
    func refunded() -> Int { provider.ledger.refunded(for: order) }
}

func command(_ name: String = "step") -> CommandContext {
    CommandContext(commandID: .derived(from: name), actor: "test")
}
