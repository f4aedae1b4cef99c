import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
import NIOConcurrencyHelpers
import Orders
import Payments
import SagaEngine
import Sagas
import Testing

@Suite struct `Fulfilling an order` {
    private let shop = Shop()

    @Test func `reserves, authorises, commits, captures and confirms`() async throws {
        let outcome = try await shop.fulfilment().when(placed(), in: orderStream)
        outcome.thenPhase(.completed)
        try await outcome.then(received(chai, 20), reserved(chai, 12), committed(chai, 12), in: stockStream(chai))
        try await outcome.then(received(tofu, 20), reserved(tofu, 1), committed(tofu, 1), in: stockStream(tofu))
        try await outcome.then(placed(), confirmed, in: orderStream)
        #expect(try await outcome.payment().captured == total)
        #expect((shop.held, shop.captured, shop.refunded) == (0, 23_925, 0))
    }

    @Test(arguments: [
        ("tok_decline", "the payment was declined: the bank declined the card (card_declined)"),
        ("tok_insufficient_funds", "the payment was declined: the card has not enough funds (insufficient_funds)"),
        ("tok_unheard_of", "the payment was declined: there is no such card (invalid_card)"),
    ])
    func `with a card that is declined gives the stock back and rejects the order`(
        _ card: String, _ reason: String
    ) async throws {
        let outcome = try await shop.fulfilment().when(placed(card: card), in: orderStream)
        outcome.thenPhase(.compensated(SagaRefusal(code: "paymentDeclined", reason: reason)))
        try await outcome.then(received(chai, 20), reserved(chai, 12), released(chai, 12), in: stockStream(chai))
        try await outcome.then(received(tofu, 20), reserved(tofu, 1), released(tofu, 1), in: stockStream(tofu))
        try await outcome.then(
            placed(card: card), rejected(code: "paymentDeclined", reason: reason), in: orderStream)
        #expect((shop.held, shop.captured) == (0, 0))
    }

    @Test func `without enough of the second line gives the first one back`() async throws {
        let outcome = try await shop.fulfilment(tofu: 0 + 1)
            .given(StockEvent.adjusted(StockAdjusted(sku: tofu, location: rotterdam, delta: -1, reason: "broken")), in: stockStream(tofu))
            .when(placed(), in: orderStream)
        let refusal = SagaRefusal(code: "insufficientStock", reason: "only 0 units are available")
        outcome.thenPhase(.compensated(refusal))
        try await outcome.then(received(chai, 20), reserved(chai, 12), released(chai, 12), in: stockStream(chai))
        try await outcome.then(placed(), rejected(code: refusal.code, reason: refusal.reason), in: orderStream)
        #expect(try await outcome.payment().status == .voided || outcome.payment().status == .new)
        #expect(shop.provider.ledger.authorisations.isEmpty)
    }

    @Test func `without enough of any line never asks for money`() async throws {
        let outcome = try await shop.fulfilment(chai: 11).when(placed(), in: orderStream)
        outcome.thenPhase(
            .compensated(SagaRefusal(code: "insufficientStock", reason: "only 11 units are available")))
        #expect(try await outcome.stock(chai).available == 11)
        #expect(try await outcome.stock(tofu).available == 20)
        #expect(shop.provider.ledger.authorisations.isEmpty)
    }

    @Test func `that costs nothing needs no payment`() async throws {
        let free = placed(card: "", total: usd(0))
        let outcome = try await shop.fulfilment().when(free, in: orderStream)
        outcome.thenPhase(.completed)
        try await outcome.then(free, confirmed, in: orderStream)
        try await outcome.then(in: paymentStream) as Void
        #expect(shop.provider.ledger == ProviderLedger.none)
    }

    @Test func `asks a provider that failed again`() async throws {
        let outcome = try await shop.fulfilment().when(placed(card: "tok_fail_then_succeed"), in: orderStream)
        outcome.thenPhase(.completed)
        #expect(try await outcome.order().status == .confirmed)
        #expect((shop.held, shop.captured) == (0, 23_925))
    }

    @Test func `leaves a payment whose answers are lost to an operator, and holds on to what it has`() async throws {
        let outcome = try await shop.fulfilment().when(placed(card: "tok_timeout"), in: orderStream)
        outcome.thenPhase(.forward)
        #expect(outcome.state.quarantine?.step == "authorise payment")
        #expect(outcome.state.failedAttempts > 10, "it was tried for minutes")
        #expect(try await outcome.stock(chai).reserved == 12)
        #expect(shop.held == 23_925)
    }

    @Test func `of a cancelled order undoes everything`() async throws {
        let outcome = try await shop.fulfilment()
            .given(placed(), in: orderStream)
            .given(cancelled(wasConfirmed: false), in: orderStream)
            .when(placed(), in: orderStream)
        // The same order a second time is no second order for the aggregates; the saga sees it cancelled.
        outcome.thenPhase(.compensated(SagaRefusal(code: "cancelled", reason: "the order was cancelled")))
    }

    @Test func `is started by orders alone that are placed`() async throws {
        let outcome = try await shop.fulfilment().given(placed(), in: orderStream).when(confirmed, in: orderStream)
        outcome.thenPhase(.notStarted)
    }
}

extension ProviderLedger {
    /// Of a provider that was never called.
    fileprivate static var none: ProviderLedger { SimulatedPaymentProvider().ledger }
}
