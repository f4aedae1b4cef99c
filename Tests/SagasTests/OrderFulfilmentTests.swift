import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
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
        let outcome = try await shop.fulfilment(tofu: 0).when(placed(), in: orderStream)
        let refusal = SagaRefusal(code: "insufficientStock", reason: "only 0 units are available")
        outcome.thenPhase(.compensated(refusal))
        try await outcome.then(received(chai, 20), reserved(chai, 12), released(chai, 12), in: stockStream(chai))
        try await outcome.then(placed(), rejected(code: refusal.code, reason: refusal.reason), in: orderStream)
        #expect(try await outcome.payment().status == .new)
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
        #expect(try await outcome.payment().status == .new)
        #expect(shop.provider.ledger == SimulatedPaymentProvider().ledger, "it was never called")
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

    @Test func `is started by orders alone that are placed`() async throws {
        let outcome = try await shop.fulfilment().given(placed(), in: orderStream).when(confirmed, in: orderStream)
        outcome.thenPhase(.notStarted)
    }
}

/// A stock remembers its newest orders, and many may end while a payment is waited for, or an operator.
@Suite struct `An order that its stock has forgotten` {
    private let commands = CommandExecutor(store: InMemoryEventStore())

    private var saga: OrderFulfilment {
        OrderFulfilment(payments: PaymentService(provider: SimulatedPaymentProvider(), commands: commands))
    }

    @Test func `is not rejected when an operator lets it try again`() async throws {
        try await fill(committing: committedOnce)
        let trigger = try await place()
        try await step("commit stock", saga.steps).action?(trigger, context())
        #expect(try await stock().available == 9_000 - 5_000)
    }

    @Test func `gives committed stock back, once`() async throws {
        try await fill(committing: committedOnce)
        let trigger = try await place()
        for _ in 1...2 {
            // Each time under ids of its own, as after an operator has resumed the instance.
            for name in ["commit stock", "reserve stock"] {
                try await step(name, saga.steps).undo?(trigger, context())
            }
            #expect(try await stock().available == 9_012 - 5_000)
        }
    }

    @Test func `gives back nothing that was never committed`() async throws {
        try await fill(committing: nil)
        let trigger = try await place()
        for name in ["commit stock", "reserve stock"] {
            try await step(name, saga.steps).undo?(trigger, context())
        }
        #expect(try await stock().available == 9_012 - 5_000)
    }

    @Test func `is taken at its word when it was begun by the version before`() async throws {
        try await fill(committing: CommandContext(actor: "test"))
        let trigger = try await place()
        let steps = try #require(saga.steps(ofVersion: 1))
        for name in ["commit stock", "reserve stock"] { try await step(name, steps).undo?(trigger, context()) }
        #expect(try await stock().available == 9_012 - 5_000)
        #expect(saga.steps(ofVersion: OrderFulfilment.version + 1) == nil)
    }

    private let committedOnce = CommandContext(
        commandID: .derived(from: "once", "commit stock of \(orderID)"), actor: "test")

    private func context() -> SagaStepContext {
        SagaStepContext(command: CommandContext(actor: "test"), refusal: nil, port: commands)
    }

    /// Lets many orders pass after ours.
    ///
    /// - Parameter context: Commits our order; `nil`: it is released instead.
    private func fill(committing context: CommandContext?) async throws {
        try await tell(.receive(StockItem(sku: chai, location: rotterdam), quantity: 9_012))
        try await tell(.reserve(orderID, quantity: 12))
        if let context { try await tell(.commit(orderID), context) } else { try await tell(.release(orderID)) }
        for number in 0..<2_500 {
            let other = OrderID(rawValue: "other-\(number)")
            try await tell(.reserve(other, quantity: 2))
            try await tell(.commit(other))
        }
    }

    /// - Returns: The trigger of an order whose one line is in this stock.
    private func place() async throws -> Recorded<OrderEvent> {
        let line = OrderPlaced.Line(sku: chai, location: rotterdam, quantity: 12, unitPrice: usd(1_800))
        let order = OrderPlaced(
            orderID: orderID, customerID: CustomerID(rawValue: "VINET"), placedOn: CalendarDate(rawValue: "1996-07-04"),
            lines: [line], discount: usd(0), total: usd(21_600), cardToken: "tok_approve")
        let event = try NewEvent(
            OrderEvent.placed(order), metadata: EventMetadata(correlationID: .make(), actor: "test"))
        return try Recorded(
            RecordedEvent(
                event, position: Position(rawValue: 1), stream: orderStream, revision: .first,
                recordedAt: Timestamp(microsecondsSince1970: 0)))
    }

    private func step(_ name: String, _ steps: [SagaStep<OrderEvent>]) throws -> SagaStep<OrderEvent> {
        try #require(steps.first(where: { $0.name == name }))
    }

    private func tell(
        _ command: Stock.Command, _ context: CommandContext = CommandContext(actor: "test")
    ) async throws {
        _ = try await commands.execute(command, on: Stock.id(chai, rotterdam), as: Stock.self, context)
    }

    private func stock() async throws -> Stock {
        try await commands.state(of: Stock.id(chai, rotterdam), as: Stock.self).state
    }
}

@Suite struct `An order that is cancelled while it is fulfilled` {
    private let shop = Shop()

    @Test(arguments: MeddlingProvider.Moment.allCases)
    func `is undone`(_ moment: MeddlingProvider.Moment) async throws {
        let outcome = try await fulfil(cancelledDuring: moment)
        outcome.thenPhase(.compensated(SagaRefusal(Order.Refusal.cancelled)))
        try await outcome.then(placed(), cancelled(wasConfirmed: false), in: orderStream)
        try await outcome.then(
            received(chai, 20), reserved(chai, 12), committed(chai, 12), returned(chai, 12), in: stockStream(chai))
        try await outcome.then(
            received(tofu, 20), reserved(tofu, 1), committed(tofu, 1), returned(tofu, 1), in: stockStream(tofu))
    }

    @Test(arguments: MeddlingProvider.Moment.allCases)
    func `gets its money back`(_ moment: MeddlingProvider.Moment) async throws {
        let outcome = try await fulfil(cancelledDuring: moment)
        #expect(try await outcome.payment().refundable == usd(0))
        #expect((shop.held, shop.captured, shop.refunded) == (0, 23_925, 23_925))
    }

    private func fulfil(
        cancelledDuring moment: MeddlingProvider.Moment
    ) async throws -> SagaScenario<OrderFulfilment>.Outcome {
        try await SagaScenario { commands in
            let provider = MeddlingProvider(base: shop.provider, moment: moment) {
                _ = try await commands.execute(
                    .cancel(reason: "ordered twice"), on: orderID.rawValue, as: Order.self, expecting: .any,
                    CommandContext(commandID: .derived(from: "cancel"), actor: "customer"))
            }
            return OrderFulfilment(payments: PaymentService(provider: provider, commands: commands))
        }
        .given(received(chai, 20), in: stockStream(chai))
        .given(received(tofu, 20), in: stockStream(tofu))
        .when(placed(), in: orderStream)
    }
}

@Suite struct `A fulfilment that waits for an operator` {
    @Test func `goes on where it was when it may try again`() async throws {
        let bench = try await Bench(card: "tok_timeout")
        try await bench.operate.resume(OrderFulfilment.name, key: orderID.rawValue, actor: "ada", reason: "try again")
        let state = try await bench.finish()
        #expect(state.quarantine?.step == "authorise payment")
        #expect(state.epoch == 2)
        #expect(bench.provider.ledger.authorisations.count == 1, "the card was charged once for all tries")
    }

    @Test func `is undone when the payment that is taken as done turns out to be missing`() async throws {
        let bench = try await Bench(card: "tok_timeout")
        try await bench.operate.skipStep(
            OrderFulfilment.name, key: orderID.rawValue, actor: "ada", reason: "paid in cash")
        let state = try await bench.finish()
        #expect(state.phase == .compensated(SagaRefusal(Payment.Refusal.notAuthorised)))
        #expect(bench.provider.ledger.held(for: orderID) == 0)
        let commands = CommandExecutor(store: bench.store)
        #expect(try await commands.state(of: Stock.id(chai, rotterdam), as: Stock.self).state.available == 20)
        #expect(try await commands.state(of: orderID.rawValue, as: Order.self).state.status == .rejected)
    }
}

/// A fulfilment that an operator can reach into.
private struct Bench {
    let store = InMemoryEventStore()
    let provider = SimulatedPaymentProvider()
    private let runner: SagaRunner<OrderFulfilment, InMemoryEventStore>

    var operate: SagaOperator<InMemoryEventStore> { SagaOperator(store: store) }

    init(card: String) async throws {
        let commands = CommandExecutor(store: store)
        let payments = PaymentService(provider: provider, commands: commands)
        runner = SagaRunner(OrderFulfilment(payments: payments), store: store, commands: commands)
        try await record(received(chai, 20), stockStream(chai))
        try await record(received(tofu, 20), stockStream(tofu))
        try await record(placed(card: card), orderStream)
        let trigger = try #require(try await store.readAll(orderStream).first)
        _ = try await runner.start(try Recorded(trigger))
        _ = try await finish()
    }

    func finish() async throws -> SagaState {
        var instance = try #require(try await runner.load(key: orderID.rawValue))
        while case .retry = try await runner.run(&instance) {}
        return instance.state
    }

    private func record(_ payload: some EventPayload, _ stream: StreamName) async throws {
        let event = try NewEvent(payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
        _ = try await store.append([event], to: stream, expecting: .any)
    }
}

/// A provider during one of whose calls something else happens.
struct MeddlingProvider: PaymentProvider {
    enum Moment: Sendable, CaseIterable {
        case authorising, capturing
    }

    let base: SimulatedPaymentProvider
    let moment: Moment
    let meddle: @Sendable () async throws -> Void

    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        if moment == .authorising { try await meddle() }
        return try await base.authorise(amount, cardToken: cardToken, call)
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        let outcome = try await base.capture(amount, of: authorisationID, call)
        if moment == .capturing { try await meddle() }
        return outcome
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        try await base.void(authorisation: authorisation, call)
    }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await base.refund(amount, of: captureID, call)
    }
}
