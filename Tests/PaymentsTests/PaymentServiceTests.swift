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

func refused(_ work: () async throws -> CommandReceipt) async throws -> Payment.Refusal {
    do {
        let receipt = try await work()
        throw NotRefused(receipt: receipt)
    } catch let refusal as Payment.Refusal {
        return refusal
    }
}

struct NotRefused: Error { let receipt: CommandReceipt }

/// Of a payment that is authorised and captured, and no more.
private let paid = ExpectedRevision.exact(Revision(rawValue: 1))
private let closedAccount = ProviderDecline(code: "account_closed", reason: "the account is closed")
private let refundRefused = Payment.Refusal.refusedByProvider(
    code: closedAccount.code, reason: closedAccount.reason)

extension Shop {
    /// A process that dies when it has asked for a refund.
    fileprivate func withLostAnswers() -> PaymentService { withLostAnswers(reaching: provider) }

    /// - Parameter reached: The provider that still hears of refunds, if one does.
    fileprivate func withLostAnswers(reaching reached: SimulatedPaymentProvider?) -> PaymentService {
        with { amount, captureID, call in
            _ = try await reached?.refund(amount, of: captureID, call)
            throw PaymentProviderError.timedOut
        }
    }

    /// A provider that gives nothing back.
    fileprivate func withDeclinedRefunds() -> PaymentService { with { _, _, _ in .declined(closedAccount) } }

    private func with(_ giveBack: @escaping OtherRefunds.GiveBack) -> PaymentService {
        PaymentService(
            provider: OtherRefunds(base: provider, giveBack: giveBack), commands: CommandExecutor(store: store))
    }
}

/// A provider that refunds in another way.
private struct OtherRefunds: PaymentProvider {
    typealias GiveBack = @Sendable (Money, String, ProviderCall) async throws -> ProviderOutcome

    let base: SimulatedPaymentProvider
    let giveBack: GiveBack

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

/// Commands to a store where something else happens before the first refund is requested.
private struct InterruptedCommands: CommandPort {
    let commands: CommandExecutor<InMemoryEventStore>
    let turns = Turns()
    let meanwhile: @Sendable () async -> Void

    func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as type: A.Type, expecting expected: ExpectedRevision,
        _ context: CommandContext
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt {
        if case .requestRefund? = command as? Payment.Command, await turns.isFirst() { await meanwhile() }
        return try await commands.execute(command, on: id, as: type, expecting: expected, context)
    }

    func state<A: Aggregate>(
        of id: String, as type: A.Type
    ) async throws(CommandError<A.Refusal>) -> (state: A, revision: Revision?) {
        try await commands.state(of: id, as: type)
    }

    func execute<D: Decision>(
        _ decision: D, provided conditions: [AppendCondition], _ context: CommandContext
    ) async throws(CommandError<D.Refusal>) -> AppendReceipt {
        try await commands.execute(decision, provided: conditions, context)
    }
}

private actor Turns {
    private var isTaken = false

    func isFirst() -> Bool {
        defer { isTaken = true }
        return !isTaken
    }
}

/// A provider that lets something else happen while it authorises, and knows nothing of voids that come too early.
private actor SlowProvider: PaymentProvider {
    private(set) var isHolding = false
    private let meanwhile: @Sendable () async throws -> CommandReceipt

    init(meanwhile: @escaping @Sendable () async throws -> CommandReceipt) { self.meanwhile = meanwhile }

    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        _ = try await meanwhile()
        isHolding = true
        return .approved(id: "auth-1")
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        throw PaymentProviderError.unavailable
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        defer { isHolding = false }
        return isHolding ? .voided : .neverHappened
    }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        throw PaymentProviderError.unavailable
    }
}
