import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
import Orders
import Payments
import SagaEngine
import Sagas
import Testing

@Suite struct `Cancelling a confirmed order` {
    private let shop = Shop()

    @Test func `gives back the money and the stock`() async throws {
        let outcome = try await confirmedOrder().when(cancelled(wasConfirmed: true), in: orderStream)
        outcome.thenPhase(.completed)
        try await outcome.then(
            received(chai, 20), reserved(chai, 12), committed(chai, 12), returned(chai, 12), in: stockStream(chai))
        try await outcome.then(
            received(tofu, 20), reserved(tofu, 1), committed(tofu, 1), returned(tofu, 1), in: stockStream(tofu))
        #expect(try await outcome.payment().refundable == usd(0))
        #expect(shop.refunded == 23_925)
    }

    @Test func `gives back what was not refunded before`() async throws {
        let refunded = PaymentEvent.refunded(
            PaymentRefunded(orderID: orderID, amount: usd(3_925), refundID: "ref-0", reason: "broken on arrival"))
        let outcome = try await confirmedOrder()
            .given(refunded, in: paymentStream)
            .when(cancelled(wasConfirmed: true), in: orderStream)
        outcome.thenPhase(.completed)
        #expect(shop.refunded == 20_000)
    }

    @Test func `gives back the rest beside a refund that is under way`() async throws {
        let requested = PaymentEvent.refundRequested(
            PaymentRefundRequested(
                orderID: orderID, requestID: "r-1", amount: usd(3_925), reason: "broken on arrival"))
        let outcome = try await confirmedOrder()
            .given(requested, in: paymentStream)
            .when(cancelled(wasConfirmed: true), in: orderStream)
        outcome.thenPhase(.completed)
        #expect(try await outcome.payment().refunded == total)
        #expect(shop.refunded == 23_925)
    }

    @Test func `of an order that cost nothing gives back the stock alone`() async throws {
        let free = placed(card: "", total: usd(0))
        let outcome = try await shop.cancellation()
            .given(received(chai, 20), reserved(chai, 12), committed(chai, 12), in: stockStream(chai))
            .given(received(tofu, 20), reserved(tofu, 1), committed(tofu, 1), in: stockStream(tofu))
            .given(free, confirmed, in: orderStream)
            .when(cancelled(wasConfirmed: true), in: orderStream)
        outcome.thenPhase(.completed)
        #expect(try await outcome.stock(chai).available == 20)
        #expect(shop.provider.ledger == SimulatedPaymentProvider().ledger, "the provider was never called")
    }

    @Test func `is not for orders that were never confirmed`() async throws {
        let outcome = try await shop.cancellation()
            .given(placed(), in: orderStream)
            .when(cancelled(wasConfirmed: false), in: orderStream)
        outcome.thenPhase(.notStarted)
    }

    @Test func `of an order that was never placed waits for an operator`() async throws {
        let outcome = try await shop.cancellation().when(cancelled(wasConfirmed: true), in: orderStream)
        #expect(outcome.state.quarantine?.step == "give back payment")
    }

    private func confirmedOrder() async throws -> SagaScenario<OrderCancellation> {
        let authorised = PaymentAuthorised(orderID: orderID, amount: total, authorisationID: "auth-1")
        return try await shop.cancellation()
            .given(received(chai, 20), reserved(chai, 12), committed(chai, 12), in: stockStream(chai))
            .given(received(tofu, 20), reserved(tofu, 1), committed(tofu, 1), in: stockStream(tofu))
            .given(
                PaymentEvent.authorised(authorised),
                .captured(PaymentCaptured(orderID: orderID, amount: total, captureID: "cap-1")), in: paymentStream
            )
            .given(placed(), confirmed, in: orderStream)
    }
}
