import Commerce
import Payments
import Testing

@Suite struct `The simulated provider` {
    private let provider = SimulatedPaymentProvider()

    private func call(_ key: String) -> ProviderCall { ProviderCall(order: order, key: ProviderKey(rawValue: key)) }

    @Test func `gives the same number for the same key, also after a restart`() async throws {
        let first = try await provider.authorise(usd(5), cardToken: "tok_approve", call("a"))
        let again = try await provider.authorise(usd(5), cardToken: "tok_approve", call("a"))
        let after = try await SimulatedPaymentProvider().authorise(usd(5), cardToken: "tok_approve", call("a"))
        #expect(first == .approved(id: "auth_a") && first == again && first == after)
        #expect(provider.ledger.authorisations.count == 1)
    }

    @Test func `takes a key for one request only`() async throws {
        _ = try await provider.authorise(usd(5), cardToken: "tok_approve", call("a"))
        await #expect(throws: PaymentProviderError.keyReused) {
            try await provider.authorise(usd(6), cardToken: "tok_approve", call("a"))
        }
        await #expect(throws: PaymentProviderError.keyReused) {
            try await provider.refund(usd(5), of: "cap_x", call("a"))
        }
    }

    @Test func `captures an authorisation once, and no more than it holds`() async throws {
        _ = try await provider.authorise(usd(5), cardToken: "tok_approve", call("a"))
        #expect(try await code(provider.capture(usd(6), of: "auth_a", call("b"))) == "amount_too_large")
        #expect(try await provider.capture(usd(4), of: "auth_a", call("c")) == .approved(id: "cap_c"))
        #expect(try await code(provider.capture(usd(1), of: "auth_a", call("d"))) == "not_held")
        #expect(provider.ledger.captured(for: order) == 4)
    }

    @Test func `refunds no more than was captured`() async throws {
        _ = try await provider.authorise(usd(5), cardToken: "tok_approve", call("a"))
        _ = try await provider.capture(usd(5), of: "auth_a", call("b"))
        #expect(try await provider.refund(usd(3), of: "cap_b", call("c")) == .approved(id: "ref_c"))
        #expect(try await code(provider.refund(usd(3), of: "cap_b", call("d"))) == "amount_too_large")
        #expect(try await code(provider.refund(eur(1), of: "cap_b", call("e"))) == "amount_too_large")
        #expect(provider.ledger.refunded(for: order) == 3)
    }

    @Test func `voids what it holds, as often as it is asked`() async throws {
        _ = try await provider.authorise(usd(5), cardToken: "tok_approve", call("a"))
        for key in ["b", "b", "c"] {
            #expect(try await provider.void(authorisation: ProviderKey(rawValue: "a"), call(key)) == .voided)
        }
        #expect(provider.ledger.held(for: order) == 0)
        #expect(try await code(provider.capture(usd(5), of: "auth_a", call("d"))) == "not_held")
    }

    @Test func `never makes an authorisation that was voided before it came`() async throws {
        #expect(try await provider.void(authorisation: ProviderKey(rawValue: "a"), call("b")) == .neverHappened)
        #expect(try await code(provider.authorise(usd(5), cardToken: "tok_approve", call("a"))) == "voided")
        #expect(provider.ledger.held(for: order) == 0)
    }

    @Test func `does not void what it has captured`() async throws {
        _ = try await provider.authorise(usd(5), cardToken: "tok_approve", call("a"))
        _ = try await provider.capture(usd(5), of: "auth_a", call("b"))
        guard case .declined = try await provider.void(authorisation: ProviderKey(rawValue: "a"), call("c")) else {
            Issue.record("a captured authorisation was voided")
            return
        }
    }

    private func code(_ outcome: ProviderOutcome) -> String? {
        guard case .declined(let decline) = outcome else { return nil }
        return decline.code
    }
}

@Suite struct `A provider's words` {
    @Test func `are cut and cleaned before they go into history`() {
        let decline = ProviderDecline(code: "a\0b", reason: "x\u{1b}[0m" + String(repeating: "y", count: 600))
        #expect(decline.code == "ab")
        #expect(decline.reason.hasPrefix("x[0my") && decline.reason.count == 500)
    }
}
