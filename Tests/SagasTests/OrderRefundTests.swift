import Commerce
import EventSourcing
import EventSourcingTesting
import Payments
import SagaEngine
import Sagas
import Testing

@Suite struct `Seeing a refund through` {
    private let shop = Shop()

    @Test func `gives the money back and takes it down`() async throws {
        let outcome = try await paid { commands in PaymentService(provider: shop.provider, commands: commands) }
            .when(requested, in: paymentStream)
        outcome.thenPhase(.completed)
        let payment = try await outcome.payment()
        #expect(payment.refunded == usd(3_925))
        #expect(payment.unsettledRefunds.isEmpty)
        #expect(shop.refunded == 3_925)
    }

    @Test func `is done when somebody else was faster`() async throws {
        let base = shop.provider
        let outcome = try await paid { commands in
            let caller = PaymentService(provider: base, commands: commands)
            let provider = OtherRefunds(base: base) { amount, captureID, call in
                _ = try await caller.settleRefund("r-1", of: orderID, CommandContext(actor: "test"))
                return try await base.refund(amount, of: captureID, call)
            }
            return PaymentService(provider: provider, commands: commands)
        }
        .when(requested, in: paymentStream)
        outcome.thenPhase(.completed)
        #expect(try await outcome.payment().refunded == usd(3_925))
        #expect(shop.refunded == 3_925)
    }

    @Test func `is done when the provider has declined`() async throws {
        let outcome = try await paid { commands in
            let provider = OtherRefunds(base: shop.provider) { _, _, _ in
                .declined(ProviderDecline(code: "account_closed", reason: "the account is closed"))
            }
            return PaymentService(provider: provider, commands: commands)
        }
        .when(requested, in: paymentStream)
        outcome.thenPhase(.completed)
        let payment = try await outcome.payment()
        #expect(payment.refundable == total)
        #expect(payment.unsettledRefunds.isEmpty)
    }

    @Test func `is an instance for each request, and for nothing else`() throws {
        #expect(try key(requested) == "10248:r-1")
        #expect(try key(captured) == nil)
    }

    private func paid(
        _ payments: (any CommandPort) -> PaymentService
    ) async throws -> SagaScenario<OrderRefund> {
        let authorised = PaymentAuthorised(orderID: orderID, amount: total, authorisationID: "auth-1")
        return try await SagaScenario { commands in OrderRefund(payments: payments(commands), patience: .zero) }
            .given(PaymentEvent.authorised(authorised), captured, in: paymentStream)
    }

    private func key(_ payload: PaymentEvent) throws -> String? {
        let event = try NewEvent(payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
        let recorded = RecordedEvent(
            event, position: Position(rawValue: 1), stream: paymentStream, revision: .first,
            recordedAt: Timestamp(microsecondsSince1970: 0))
        return OrderRefund.key(startedBy: try Recorded(recorded))
    }
}

private let captured = PaymentEvent.captured(
    PaymentCaptured(orderID: orderID, amount: total, captureID: "cap-1"))
private let requested = PaymentEvent.refundRequested(
    PaymentRefundRequested(orderID: orderID, requestID: "r-1", amount: usd(3_925), reason: "broken on arrival"))

/// A provider that refunds in another way.
private struct OtherRefunds: PaymentProvider {
    let base: SimulatedPaymentProvider
    let giveBack: @Sendable (Money, String, ProviderCall) async throws -> ProviderOutcome

    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await base.authorise(amount, cardToken: cardToken, call)
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await base.capture(amount, of: authorisationID, call)
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        try await base.void(authorisation: authorisation, call)
    }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await giveBack(amount, captureID, call)
    }
}
