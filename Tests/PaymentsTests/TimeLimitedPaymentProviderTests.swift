import Commerce
import Payments
import Testing

@Suite struct `A provider with a time limit` {
    private let call = ProviderCall(order: order, key: ProviderKey(rawValue: "a"))

    @Test func `answers as the provider does`() async throws {
        let base = SimulatedPaymentProvider()
        let provider = TimeLimitedPaymentProvider(base)
        #expect(try await provider.authorise(usd(5), cardToken: "tok_approve", call) == .approved(id: "auth_a"))
        #expect(base.ledger.held(for: order) == 5)
    }

    @Test func `is not waited for when it does not answer`() async {
        let provider = TimeLimitedPaymentProvider(SilentProvider(), limit: .milliseconds(20))
        await #expect(throws: PaymentProviderError.timedOut) {
            try await provider.authorise(usd(5), cardToken: "tok_approve", call)
        }
        await #expect(throws: PaymentProviderError.timedOut) {
            try await provider.capture(usd(5), of: "auth_a", call)
        }
        await #expect(throws: PaymentProviderError.timedOut) {
            try await provider.void(authorisation: call.key, call)
        }
        await #expect(throws: PaymentProviderError.timedOut) {
            try await provider.refund(usd(5), of: "cap_a", call)
        }
    }
}

/// A provider that never answers, until it is cancelled.
private struct SilentProvider: PaymentProvider {
    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await silence()
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await silence()
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome { try await silence() }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await silence()
    }

    private func silence<Outcome>() async throws -> Outcome {
        while true { try await Task.sleep(for: .seconds(600)) }
    }
}
