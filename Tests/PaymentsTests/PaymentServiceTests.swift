import Commerce
import EventSourcing
import Payments
import Testing

@Suite struct `Authorising a payment` {
    private let shop = Shop()

    @Test func `sets the amount aside and takes it down`() async throws {
        let receipt = try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command())
        #expect(receipt.revision == .first)
        #expect(shop.held() == 1_000)
        #expect(try await shop.payment().authorised == usd(1_000))
    }

    @Test func `happens once, whoever asks`() async throws {
        for name in ["a", "a", "b"] {
            try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command(name))
            try await shop.restarted().authorise(order, usd(1_000), cardToken: "tok_approve", command(name))
        }
        #expect(shop.held() == 1_000)
        #expect(try await shop.events().count == 1)
    }

    @Test(arguments: [
        ("tok_decline", "card_declined"), ("tok_insufficient_funds", "insufficient_funds"),
        ("tok_what", "invalid_card"),
    ])
    func `is declined once for a card`(_ token: String, _ code: String) async throws {
        for _ in 1...3 {
            let refusal = try await refused {
                try await shop.restarted().authorise(order, usd(1_000), cardToken: token, command())
            }
            guard case .paymentDeclined(code, _) = refusal else {
                Issue.record("\(refusal) is no decline with the code \(code)")
                return
            }
        }
        #expect(try await shop.events().count == 1)
        #expect(shop.held() == 0)
    }

    @Test func `leaves it open what a lost answer was, and a void settles it`() async throws {
        for _ in 1...3 {
            await #expect(throws: PaymentProviderError.timedOut) {
                try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_timeout", command())
            }
        }
        #expect(shop.held() == 1_000)
        #expect(try await shop.events().isEmpty)

        try await shop.payments.giveBack(order, reason: "the order was cancelled", command("undo"))
        #expect(shop.held() == 0)
        #expect(try await shop.events() == [voided])
    }

    @Test func `goes through when a provider is back`() async throws {
        let token = "tok_fail_then_succeed"
        await #expect(throws: PaymentProviderError.unavailable) {
            try await shop.payments.authorise(order, usd(1_000), cardToken: token, command())
        }
        try await shop.payments.authorise(order, usd(1_000), cardToken: token, command())
        #expect(shop.held() == 1_000)
    }

    @Test func `is too late after a void, and leaves nothing set aside`() async throws {
        try await shop.payments.void(order, reason: "the order was cancelled", command("undo"))
        let refusal = try await refused {
            try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command())
        }
        #expect(refusal == .voided)
        #expect(shop.held() == 0)
    }

    @Test func `is given up when a void was faster than its answer`() async throws {
        let provider = SlowProvider { try await shop.payments.void(order, reason: "cancelled", command("undo")) }
        let payments = PaymentService(provider: provider, commands: CommandExecutor(store: shop.store))
        let refusal = try await refused {
            try await payments.authorise(order, usd(1_000), cardToken: "tok_approve", command())
        }
        #expect(refusal == .voided)
        #expect(await !provider.isHolding)
    }

    @Test func `moves only amounts that there are`() async throws {
        let refusal = try await refused {
            try await shop.payments.authorise(order, usd(0), cardToken: "tok_approve", command())
        }
        #expect(refusal == .amountNotPositive)
        #expect(shop.provider.ledger.authorisations.isEmpty)
    }
}

@Suite struct `Capturing a payment` {
    private let shop = Shop()

    @Test func `collects what was set aside, once`() async throws {
        try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command("authorise"))
        for name in ["a", "a", "b"] { try await shop.restarted().capture(order, usd(1_000), command(name)) }
        #expect(shop.captured() == 1_000)
        #expect(shop.held() == 0)
        #expect(try await shop.payment().captured == usd(1_000))
    }

    @Test func `is checked before money moves`() async throws {
        #expect(try await refused { try await shop.payments.capture(order, usd(1), command()) } == .notAuthorised)
        try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command("authorise"))
        let refusal = try await refused { try await shop.payments.capture(order, usd(1_001), command()) }
        #expect(refusal == .exceedsAuthorised(usd(1_000)))
        #expect(shop.captured() == 0)
    }

    @Test func `goes on when the provider has lost its memory`() async throws {
        try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command("authorise"))
        let fresh = SimulatedPaymentProvider()
        let payments = PaymentService(provider: fresh, commands: CommandExecutor(store: shop.store))
        try await payments.capture(order, usd(1_000), command("capture"))
        try await payments.refund(order, usd(1_000), reason: "broken on arrival", command("refund"))
        #expect(fresh.ledger.captured(for: order) == 1_000)
        #expect(try await shop.payment().refundable == usd(0))
    }
}
