import Commerce
import EventSourcing
import EventSourcingTesting
import Payments
import Testing

@Suite struct `Recording an authorisation` {
    @Test func `sets the amount aside`() {
        let outcome = Scenario<Payment>.givenNothing().when(.record(authorised()))
        outcome.then(authorised())
        #expect(outcome.state.authorised == usd(1_000))
        #expect(outcome.state.captured == nil)
    }

    @Test(arguments: [[authorised()], [authorised(), captured()]])
    func `happens once`(_ history: [PaymentEvent]) {
        Scenario<Payment>.given(history).when(.record(authorised())).thenNothing()
        Scenario<Payment>.given(history).when(.record(authorised(id: "auth-2"))).thenRefused(.alreadyAuthorised)
        Scenario<Payment>.given(history).when(.record(authorised(999))).thenRefused(.alreadyAuthorised)
    }

    @Test(arguments: [0, -1, Int.min])
    func `needs an amount`(_ amount: Int) {
        Scenario<Payment>.givenNothing().when(.record(authorised(amount))).thenRefused(.amountNotPositive)
    }

    @Test func `is refused for a payment that has ended`() {
        Scenario<Payment>.given(declined).when(.record(authorised())).thenRefused(wasDeclined)
        Scenario<Payment>.given(voided).when(.record(authorised())).thenRefused(.voided)
        Scenario<Payment>.given(authorised(), voided).when(.record(authorised())).thenRefused(.voided)
    }
}

@Suite struct `Recording a decline` {
    @Test func `ends the payment`() {
        Scenario<Payment>.givenNothing().when(.record(declined)).then(declined)
    }

    @Test func `happens once`() { Scenario<Payment>.given(declined).when(.record(declined)).thenNothing() }

    @Test func `is refused for any other payment`() {
        Scenario<Payment>.given(authorised()).when(.record(declined)).thenRefused(.alreadyAuthorised)
        Scenario<Payment>.given(authorised(), captured()).when(.record(declined)).thenRefused(.alreadyAuthorised)
        Scenario<Payment>.given(voided).when(.record(declined)).thenRefused(.voided)
    }
}

@Suite struct `Recording a capture` {
    @Test(arguments: [1, 999, 1_000])
    func `collects up to what was authorised`(_ amount: Int) {
        let outcome = Scenario<Payment>.given(authorised()).when(.record(captured(amount)))
        outcome.then(captured(amount))
        #expect(outcome.state.captured == usd(amount))
        #expect(outcome.state.refunded == usd(0))
        #expect(outcome.state.refundable == usd(amount))
    }

    @Test(arguments: [1_001, Int.max])
    func `never collects more`(_ amount: Int) {
        Scenario<Payment>.given(authorised()).when(.record(captured(amount)))
            .thenRefused(.exceedsAuthorised(usd(1_000)))
    }

    @Test func `collects an amount in the same currency`() {
        Scenario<Payment>.given(authorised()).when(.record(captured(0))).thenRefused(.amountNotPositive)
        let euros = PaymentEvent.captured(PaymentCaptured(orderID: order, amount: eur(1), captureID: "cap-1"))
        Scenario<Payment>.given(authorised()).when(.record(euros))
            .thenRefused(.otherCurrency(Currency(rawValue: "USD")))
    }

    @Test func `happens once`() {
        let payment = Scenario<Payment>.given(authorised(), captured())
        payment.when(.record(captured())).thenNothing()
        payment.when(.record(captured(999))).thenRefused(.alreadyCaptured)
        payment.when(.record(captured(id: "cap-2"))).thenRefused(.alreadyCaptured)
    }

    @Test func `is refused when nothing is set aside`() {
        Scenario<Payment>.givenNothing().when(.record(captured())).thenRefused(.notAuthorised)
        Scenario<Payment>.given(declined).when(.record(captured())).thenRefused(.notAuthorised)
        Scenario<Payment>.given(authorised(), voided).when(.record(captured())).thenRefused(.voided)
    }
}

@Suite struct `Recording a void` {
    @Test func `gives up what was set aside`() {
        let outcome = Scenario<Payment>.given(authorised()).when(.record(voided))
        outcome.then(voided)
        #expect(outcome.state.status == .voided)
        #expect(outcome.state.authorised == nil)
    }

    @Test func `closes a payment that nobody knows of`() {
        Scenario<Payment>.givenNothing().when(.record(voided)).then(voided)
    }

    @Test func `accepts that there is nothing to give up`() {
        Scenario<Payment>.given(voided).when(.record(voided)).thenNothing()
        Scenario<Payment>.given(declined).when(.record(voided)).thenNothing()
    }

    @Test func `is too late after a capture`() {
        Scenario<Payment>.given(authorised(), captured()).when(.record(voided)).thenRefused(.alreadyCaptured)
    }
}

@Suite struct `Recording a refund` {
    private let paid = Scenario<Payment>.given(authorised(), captured())

    @Test func `gives back up to what was captured`() {
        let outcome = paid.when(.record(refunded(400)))
        outcome.then(refunded(400))
        #expect(outcome.state.refunded == usd(400))
        #expect(outcome.state.refundable == usd(600))
        paid.when(.record(refunded(1_000))).then(refunded(1_000))
    }

    @Test(arguments: [601, Int.max])
    func `never gives back more`(_ amount: Int) {
        let partly = Scenario<Payment>.given(authorised(), captured(), refunded(400))
        partly.when(.record(refunded(amount, id: "ref-2"))).thenRefused(.exceedsCaptured(refundable: usd(600)))
        partly.when(.requestRefund(id: "r-1", usd(amount), reason: "x"))
            .thenRefused(.exceedsCaptured(refundable: usd(600)))
    }

    @Test func `happens once for a number of the provider's`() {
        let partly = Scenario<Payment>.given(authorised(), captured(), refunded(400))
        partly.when(.record(refunded(400))).thenNothing()
        partly.when(.record(refunded(400, id: "ref-2"))).then(refunded(400, id: "ref-2"))
    }

    @Test(arguments: [[], [authorised()], [declined], [authorised(), voided]])
    func `is refused when nothing was captured`(_ history: [PaymentEvent]) {
        Scenario<Payment>.given(history).when(.record(refunded(1))).thenRefused(.notCaptured)
        Scenario<Payment>.given(history).when(.requestRefund(id: "r-1", usd(1), reason: "x"))
            .thenRefused(.notCaptured)
    }
}

@Suite struct `Requesting a refund` {
    private let paid = Scenario<Payment>.given(authorised(), captured())
    private let pending = Scenario<Payment>.given(authorised(), captured(), requested(400))

    @Test func `holds its amount`() {
        let outcome = paid.when(.requestRefund(id: "r-1", usd(400), reason: "broken on arrival"))
        outcome.then(requested(400))
        #expect(outcome.state.refundable == usd(600))
        #expect(outcome.state.refunded == usd(0))
        #expect(outcome.state.unsettledRefunds == ["r-1"])
    }

    @Test func `is checked before money moves`() {
        paid.when(.requestRefund(id: "r-1", usd(0), reason: "x")).thenRefused(.amountNotPositive)
        paid.when(.requestRefund(id: "r-1", eur(1), reason: "x"))
            .thenRefused(.otherCurrency(Currency(rawValue: "USD")))
        paid.when(.requestRefund(id: "r-1", usd(1), reason: " ")).thenRefused(.invalidReason)
        paid.when(.requestRefund(id: "r-1", usd(1), reason: String(repeating: "x", count: 1_001)))
            .thenRefused(.invalidReason)
    }

    @Test func `finds no more than others have left`() {
        pending.when(.requestRefund(id: "r-2", usd(600), reason: "broken on arrival"))
            .then(requested(600, by: "r-2"))
        pending.when(.requestRefund(id: "r-2", usd(601), reason: "x"))
            .thenRefused(.exceedsCaptured(refundable: usd(600)))
    }

    @Test(arguments: [[], [settled(400)], [refundDeclined()]])
    func `happens once for an id`(_ history: [PaymentEvent]) {
        Scenario<Payment>.given([authorised(), captured(), requested(400)] + history)
            .when(.requestRefund(id: "r-1", usd(400), reason: "broken on arrival")).thenNothing()
    }

    @Test func `is settled when the amount is given back, whatever else was asked for meanwhile`() {
        let full = Scenario<Payment>.given(
            authorised(), captured(), requested(400), requested(600, by: "r-2"))
        let outcome = full.when(.record(settled(400)))
        outcome.then(settled(400))
        #expect(outcome.state.refunded == usd(400))
        #expect(outcome.state.refundable == usd(0))
        #expect(outcome.state.unsettledRefunds == ["r-2"])
    }

    @Test func `is settled when it is declined, and holds nothing any more`() {
        let outcome = pending.when(.record(refundDeclined()))
        outcome.then(refundDeclined())
        #expect(outcome.state.refundable == usd(1_000))
        #expect(outcome.state.unsettledRefunds.isEmpty)
    }

    @Test(arguments: [settled(400), refundDeclined()])
    func `is settled once`(_ outcome: PaymentEvent) {
        let history = [authorised(), captured(), requested(400), outcome]
        Scenario<Payment>.given(history).when(.record(settled(400))).thenNothing()
        Scenario<Payment>.given(history).when(.record(settled(400, id: "ref-2"))).thenNothing()
        Scenario<Payment>.given(history).when(.record(refundDeclined())).thenNothing()
    }

    @Test func `comes before its outcome, which is of its amount`() {
        paid.when(.record(settled(400))).thenNothing()
        paid.when(.record(refundDeclined())).thenNothing()
        pending.when(.record(settled(401))).thenNothing()
    }
}

@Suite struct `Whatever is recorded of a payment` {
    @Test(arguments: UInt64(1)...200)
    func `authorised is never below captured, nor captured below refunded`(_ seed: UInt64) {
        var random = Seeded(seed)
        var payment = Payment()
        var history: [PaymentEvent] = []
        for _ in 0..<60 {
            let command = anyCommand(&random)
            guard let events = try? payment.decide(command) else { continue }
            for event in events { payment.apply(event) }
            history += events
            let captured = payment.captured?.minorUnits ?? 0
            let refunded = payment.refunded?.minorUnits ?? 0
            #expect(payment.authorised?.minorUnits ?? 0 >= captured, "seed \(seed)")
            #expect(captured >= refunded && refunded >= 0, "seed \(seed)")
            #expect(payment.refundable?.minorUnits ?? 0 >= 0, "seed \(seed)")
            #expect((try? payment.decide(command)) == [], "seed \(seed): \(command) again")
        }
        #expect(Payment(folding: history) == payment, "seed \(seed)")
    }

    private func anyCommand(_ random: inout Seeded) -> Payment.Command {
        let odd = [0, -1, Int.max, Int.min].randomElement(using: &random) ?? 0
        let amount = Int.random(in: 0..<10, using: &random) == 0 ? odd : Int.random(in: 1...50, using: &random)
        let number = String(Int.random(in: 1...4, using: &random))
        return switch Int.random(in: 0..<20, using: &random) {
        case 0...4: .record(authorised(amount, id: number))
        case 5...9: .record(captured(amount, id: number))
        case 10: .record(voided)
        case 11: .record(declined)
        case 12...13: .requestRefund(id: number, usd(amount), reason: "broken on arrival")
        case 14...15: .record(settled(amount, of: number, id: "of \(number)"))
        case 16: .record(refundDeclined(number))
        default: .record(refunded(amount, id: number))
        }
    }
}

@Suite struct `A payment's history` {
    @Test func `is folded whatever it holds`() {
        let odd = [
            captured(), refunded(.max), authorised(1), captured(2), refunded(.max), refunded(.min, id: "2"),
            refundDeclined(), settled(.max), requested(.max), requested(.min), requested(.max, by: "r-2"),
            settled(.min), refundDeclined("r-2"), refundDeclined("r-2"),
        ]
        _ = Payment(folding: odd).refundable
    }
}

@Suite struct `A payment's refusals` {
    @Test(arguments: [
        (wasDeclined, "paymentDeclined"), (.refusedByProvider(code: "x", reason: "y"), "refusedByProvider"),
        (.notAuthorised, "notAuthorised"), (.alreadyAuthorised, "alreadyAuthorised"),
        (.exceedsAuthorised(usd(1)), "exceedsAuthorised"), (.notCaptured, "notCaptured"),
        (.alreadyCaptured, "alreadyCaptured"), (.exceedsCaptured(refundable: usd(1)), "exceedsCaptured"),
        (.voided, "voided"), (.amountNotPositive, "amountNotPositive"),
        (.otherCurrency(Currency(rawValue: "USD")), "otherCurrency"), (.invalidReason, "invalidReason"),
    ])
    func `have codes that stay, and a detail for people`(_ refusal: Payment.Refusal, _ code: String) {
        #expect(refusal.code == code)
        #expect(refusal.description.contains(" ") && !refusal.description.hasSuffix("."))
    }
}
