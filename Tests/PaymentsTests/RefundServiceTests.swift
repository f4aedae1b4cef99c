import Commerce
import EventSourcing
import Payments
import Testing

@Suite struct `Refunding a payment` {
    private let shop = Shop()

    private func pay() async throws {
        try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command("authorise"))
        try await shop.payments.capture(order, usd(1_000), command("capture"))
    }

    @Test func `gives back in parts, each once`() async throws {
        try await pay()
        for name in ["a", "a", "b"] {
            try await shop.restarted().refund(order, usd(400), reason: "broken on arrival", command(name))
        }
        #expect(shop.refunded() == 800)
        #expect(try await shop.payment().refundable == usd(200))
    }

    @Test func `answers a repeat also when nothing is left`() async throws {
        try await pay()
        let first = try await shop.payments.refund(order, usd(1_000), reason: "broken", command("refund"))
        let again = try await shop.restarted().refund(order, usd(1_000), reason: "broken", command("refund"))
        #expect(again.isRepeat && again.revision == first.revision)
        #expect(shop.refunded() == 1_000)
    }

    @Test func `is checked before money moves`() async throws {
        try await pay()
        let tooMuch = try await refused {
            try await shop.payments.refund(order, usd(1_001), reason: "broken", command("refund"))
        }
        #expect(tooMuch == .exceedsCaptured(refundable: usd(1_000)))
        #expect(shop.provider.ledger.refunds.isEmpty)
    }

    @Test func `does not take another request for a repeat`() async throws {
        try await pay()
        var context = command("refund")
        context.fingerprint = "one"
        try await shop.payments.refund(order, usd(100), reason: "broken", context)
        context.fingerprint = "another"
        do {
            try await shop.payments.refund(order, usd(200), reason: "broken", context)
            Issue.record("the command id was taken twice")
        } catch CommandError<Payment.Refusal>.commandIDReused {
            #expect(shop.refunded() == 100)
        }
    }

    @Test func `keeps to the revision that the caller has seen`() async throws {
        try await pay()
        await #expect(throws: CommandError<Payment.Refusal>.self) {
            try await shop.payments.refund(order, usd(1), reason: "broken", expecting: .exact(.first), command())
        }
        #expect(shop.refunded() == 0)
    }

    @Test func `answers twins that run at the same time alike`() async throws {
        try await pay()
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 1...8 {
                group.addTask {
                    try await shop.restarted().refund(order, usd(1_000), reason: "broken", command("refund"))
                }
            }
        }
        #expect(shop.refunded() == 1_000)
        #expect(try await shop.payment().refundable == usd(0))
    }

    @Test func `never gives back too much at the same time`() async throws {
        try await pay()
        let refunds = await withTaskGroup(of: Bool.self) { group in
            for number in 1...8 {
                group.addTask {
                    (try? await shop.restarted().refund(order, usd(600), reason: "broken", command("\(number)"))) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refunds == 1)
        #expect(shop.refunded() == 600)
        #expect(try await shop.payment().refunded == usd(600))
    }

    @Test(arguments: 1...20)
    func `passes once of two that have seen the same revision`(_: Int) async throws {
        try await pay()
        let passed = await withTaskGroup(of: Bool.self) { group in
            for number in 1...2 {
                group.addTask {
                    let receipt = try? await shop.restarted().refund(
                        order, usd(100), reason: "broken", expecting: paid, command("\(number)"))
                    return receipt != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 1)
        #expect(shop.refunded() == 100)
    }

    @Test func `is finished by its repeat when nobody took down that the money moved`() async throws {
        try await pay()
        await #expect(throws: RefundPending.self) {
            try await shop.withLostAnswers().refund(
                order, usd(400), reason: "broken", expecting: paid, command("refund"))
        }
        #expect(shop.refunded() == 400)
        let other = try await refused {
            try await shop.restarted().refund(order, usd(601), reason: "broken", command("another"))
        }
        #expect(other == .exceedsCaptured(refundable: usd(600)))

        let receipt = try await shop.restarted().refund(
            order, usd(400), reason: "broken", expecting: paid, command("refund"))
        #expect(!receipt.isRepeat)
        #expect(shop.refunded() == 400)
        #expect(try await shop.payment().refunded == usd(400))
    }

    @Test func `is settled by whoever comes, once`() async throws {
        try await pay()
        await #expect(throws: RefundPending.self) {
            try await shop.withLostAnswers().refund(order, usd(400), reason: "broken", command("refund"))
        }
        let id = command("refund").commandID.description
        for name in ["a", "a", "b"] { try await shop.restarted().settleRefund(id, of: order, command(name)) }
        #expect(shop.refunded() == 400)
        #expect(try await shop.events().count == 4)
        let answer = try await shop.restarted().refund(order, usd(400), reason: "broken", command("refund"))
        #expect(answer.isRepeat && answer.revision == Revision(rawValue: 3))
    }

    @Test func `that was never requested is settled already`() async throws {
        try await pay()
        let receipt = try await shop.payments.settleRefund("unheard of", of: order, command("settle"))
        #expect(receipt.revision == Revision(rawValue: 1))
        #expect(shop.refunded() == 0)
    }

    @Test func `that the provider declines is declined for good, and holds nothing`() async throws {
        try await pay()
        let first = try await refused {
            try await shop.withDeclinedRefunds().refund(order, usd(400), reason: "broken", command("a"))
        }
        #expect(first == refundRefused)
        let again = try await refused {
            try await shop.restarted().refund(order, usd(400), reason: "broken", command("a"))
        }
        #expect(again == refundRefused)
        #expect(try await shop.payment().refundable == usd(1_000))
        try await shop.restarted().refund(order, usd(1_000), reason: "broken", command("b"))
        #expect(shop.refunded() == 1_000)
    }

    @Test func `that was recorded before refunds were requested is a repeat`() async throws {
        try await pay()
        let old = command("refund")
        _ = try await CommandExecutor(store: shop.store).execute(
            .record(refunded(400)), on: order.rawValue, as: Payment.self, old)
        let again = try await shop.restarted().refund(order, usd(400), reason: "broken", old)
        #expect(again.isRepeat && again.revision == Revision(rawValue: 2))
        #expect(shop.provider.ledger.refunds.isEmpty)
    }
}

@Suite struct `Giving a payment back` {
    private let shop = Shop()

    private func giveBack() async throws {
        for _ in 1...2 {
            try await shop.restarted().giveBack(order, reason: "the order was cancelled", command("undo"))
        }
    }

    @Test func `voids what is set aside`() async throws {
        try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command())
        try await giveBack()
        #expect(shop.held() == 0)
        #expect(try await shop.events().last == voided)
    }

    @Test func `refunds what is left of what was collected`() async throws {
        try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command("authorise"))
        try await shop.payments.capture(order, usd(1_000), command("capture"))
        try await shop.payments.refund(order, usd(300), reason: "broken", command("refund"))
        try await giveBack()
        #expect(shop.refunded() == 1_000)
        #expect(try await shop.payment().refundable == usd(0))
        #expect(try await shop.events().count == 6)
    }

    @Test func `finishes a refund that nobody took down, and refunds the rest`() async throws {
        try await pay()
        await #expect(throws: RefundPending.self) {
            try await shop.withLostAnswers().refund(order, usd(300), reason: "broken", command("refund"))
        }
        try await giveBack()
        #expect(shop.refunded() == 1_000)
        #expect(try await shop.payment().refunded == usd(1_000))
    }

    @Test func `heals when its own answer was lost`() async throws {
        try await pay()
        await #expect(throws: RefundPending.self) {
            try await shop.withLostAnswers().giveBack(order, reason: "cancelled", command("undo"))
        }
        try await shop.restarted().giveBack(order, reason: "cancelled", command("undo in another epoch"))
        #expect(shop.refunded() == 1_000)
        #expect(try await shop.events().count == 4)
    }

    /// As the first one was asked for before refunds were requested, so that what the provider has done then is found.
    @Test func `does not move the money again that an earlier version had moved and not recorded`() async throws {
        try await pay()
        let earlier = CommandID.derived(from: "give back", order.rawValue, "1000")
        guard case .captured(let capture, _) = try await shop.payment().status else {
            Issue.record("nothing was captured")
            return
        }
        let key = EventID.derived(from: "payment", "refund", order.rawValue, earlier.description)
        let call = ProviderCall(order: order, key: ProviderKey(rawValue: key.description))
        _ = try await shop.provider.refund(usd(1_000), of: capture.captureID, call)
        try await giveBack()
        #expect(shop.refunded() == 1_000)
        #expect(try await shop.payment().refunded == usd(1_000))
    }

    @Test func `beside a refund gives back what that one leaves`() async throws {
        try await pay()
        let commands = InterruptedCommands(commands: CommandExecutor(store: shop.store)) {
            _ = try? await shop.restarted().refund(order, usd(300), reason: "broken", command("refund"))
        }
        let payments = PaymentService(provider: shop.provider, commands: commands)
        try await payments.giveBack(order, reason: "cancelled", command("undo"))
        #expect(shop.refunded() == 1_000)
        #expect(try await shop.payment().refunded == usd(1_000))
    }

    @Test func `asks anew when the last refund was declined`() async throws {
        try await pay()
        let no = try await refused {
            try await shop.withDeclinedRefunds().giveBack(order, reason: "cancelled", command("undo"))
        }
        #expect(no == refundRefused)
        try await giveBack()
        #expect(shop.refunded() == 1_000)
    }

    @Test func `accepts that a refund of somebody else's is declined`() async throws {
        try await pay()
        await #expect(throws: RefundPending.self) {
            try await shop.withLostAnswers(reaching: nil).refund(order, usd(300), reason: "broken", command("refund"))
        }
        let no = try await refused {
            try await shop.withDeclinedRefunds().giveBack(order, reason: "cancelled", command("undo"))
        }
        #expect(no == refundRefused, "its own was declined, too")
        try await giveBack()
        #expect(shop.refunded() == 1_000)
        #expect(try await shop.payment().refunds.count == 3)
    }

    private func pay() async throws {
        try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_approve", command("authorise"))
        try await shop.payments.capture(order, usd(1_000), command("capture"))
    }

    @Test func `accepts that there was none`() async throws {
        try await giveBack()
        #expect(try await shop.events() == [voided])
        #expect(shop.provider.ledger == SimulatedPaymentProvider().ledger)
    }

    @Test func `accepts that it was declined`() async throws {
        _ = try await refused {
            try await shop.payments.authorise(order, usd(1_000), cardToken: "tok_decline", command())
        }
        try await giveBack()
        #expect(try await shop.events().count == 1)
    }

    @Test(arguments: 1...50)
    func `leaves nothing set aside, however it races with the authorisation`(_: Int) async throws {
        await withDiscardingTaskGroup { group in
            for _ in 1...2 {
                group.addTask {
                    let payments = shop.restarted()
                    _ = try? await payments.authorise(order, usd(1_000), cardToken: "tok_approve", command("do"))
                }
                group.addTask { try? await giveBack() }
            }
        }
        #expect(shop.held() == 0)
        #expect(try await shop.payment().status == .voided)
    }
}
