import Commerce
import EventSourcing
import EventSourcingTesting
import Orders
import Testing

@Suite struct `Confirming an order` {
    @Test func `follows placing it`() {
        let outcome = Scenario<Order>.given(placed).when(.confirm)
        outcome.then(confirmed)
        #expect(outcome.state.status == .confirmed)
    }

    @Test(arguments: [[placed, confirmed], [placed, confirmed, shipped]])
    func `happens once`(_ history: [OrderEvent]) { Scenario<Order>.given(history).when(.confirm).thenNothing() }

    @Test func `is refused for an order that is not wanted any more`() {
        Scenario<Order>.given(placed, cancelled(wasConfirmed: false)).when(.confirm).thenRefused(.cancelled)
        Scenario<Order>.given(placed, rejected).when(.confirm).thenRefused(.rejected)
    }
}

@Suite struct `Cancelling an order` {
    private let cancel = Order.Command.cancel(reason: "ordered twice")

    @Test func `is possible until it is shipped`() {
        Scenario<Order>.given(placed).when(cancel).then(cancelled(wasConfirmed: false))
        Scenario<Order>.given(placed, confirmed).when(cancel).then(cancelled(wasConfirmed: true))
        Scenario<Order>.given(placed, confirmed, shipped).when(cancel).thenRefused(.alreadyShipped)
    }

    @Test func `happens once`() {
        Scenario<Order>.given(placed, cancelled(wasConfirmed: false)).when(cancel).thenNothing()
    }

    @Test func `is refused for an order that was rejected`() {
        Scenario<Order>.given(placed, rejected).when(cancel).thenRefused(.rejected)
    }

    @Test(arguments: ["", " ", "a\u{7}", String(repeating: "x", count: 501)])
    func `says why`(_ reason: String) {
        Scenario<Order>.given(placed).when(.cancel(reason: reason)).thenRefused(.invalidReason)
    }
}

@Suite struct `Rejecting an order` {
    private let reject = Order.Command.reject(code: "paymentDeclined", reason: "the card was declined")

    @Test func `follows placing it`() {
        let outcome = Scenario<Order>.given(placed).when(reject)
        outcome.then(rejected)
        #expect(outcome.state.status == .rejected)
    }

    @Test func `is not needed for an order that is not wanted any more`() {
        Scenario<Order>.given(placed, rejected).when(reject).thenNothing()
        Scenario<Order>.given(placed, cancelled(wasConfirmed: false)).when(reject).thenNothing()
    }

    @Test func `is refused once it is confirmed`() {
        Scenario<Order>.given(placed, confirmed).when(reject).thenRefused(.alreadyConfirmed)
        Scenario<Order>.given(placed, confirmed, shipped).when(reject).thenRefused(.alreadyShipped)
    }
}

@Suite struct `Shipping an order` {
    private let ship = Order.Command.ship(carrier: "Federal Shipping", tracking: "T-1")

    @Test func `follows confirming it`() {
        let outcome = Scenario<Order>.given(placed, confirmed).when(ship)
        outcome.then(shipped)
        #expect(outcome.state.status == .shipped)
        #expect(outcome.state.shipment?.tracking == "T-1")
    }

    @Test func `needs no carrier`() {
        Scenario<Order>.given(placed, confirmed).when(.ship(carrier: nil, tracking: "T-1"))
            .then(.shipped(OrderShipped(orderID: orderID, tracking: "T-1")))
    }

    @Test func `happens once`() {
        let order = Scenario<Order>.given(placed, confirmed, shipped)
        order.when(ship).thenNothing()
        order.when(.ship(carrier: nil, tracking: "T-2")).thenRefused(.alreadyShipped)
    }

    @Test func `is refused for any other order`() {
        Scenario<Order>.given(placed).when(ship).thenRefused(.notConfirmed)
        Scenario<Order>.given(placed, rejected).when(ship).thenRefused(.rejected)
        Scenario<Order>.given(placed, confirmed, cancelled(wasConfirmed: true)).when(ship).thenRefused(.cancelled)
    }

    @Test(arguments: [(nil, ""), ("", "T-1"), (nil, "T\0"), (String(repeating: "x", count: 101), "T-1")])
    func `names its carrier and its number`(_ carrier: String?, _ tracking: String) {
        Scenario<Order>.given(placed, confirmed).when(.ship(carrier: carrier, tracking: tracking))
            .thenRefused(.invalidShipment)
    }
}

@Suite struct `An order that was never placed` {
    @Test(arguments: [
        Order.Command.confirm, .cancel(reason: "x"), .reject(code: "x", reason: "x"),
        .ship(carrier: nil, tracking: "x"),
    ])
    func `cannot be changed`(_ command: Order.Command) {
        Scenario<Order>.givenNothing().when(command).thenRefused(.notPlaced)
    }
}

@Suite struct `An order's refusals` {
    @Test(arguments: [
        (Order.Refusal.notPlaced, "notPlaced"), (.alreadyPlaced, "alreadyPlaced"), (.notConfirmed, "notConfirmed"),
        (.alreadyConfirmed, "alreadyConfirmed"), (.alreadyShipped, "alreadyShipped"), (.cancelled, "cancelled"),
        (.rejected, "rejected"), (.invalidReason, "invalidReason"), (.invalidShipment, "invalidShipment"),
        (.invalid(.noLines), "noLines"), (.invalid(.tooManyLines), "tooManyLines"),
        (.invalid(.invalidQuantity(SKU(rawValue: "A"))), "invalidQuantity"),
        (.invalid(.negativePrice(SKU(rawValue: "A"))), "negativePrice"),
        (.invalid(.invalidText(SKU(rawValue: "A"))), "invalidText"),
        (.invalid(.repeatedLine(SKU(rawValue: "A"), LocationID(rawValue: "B"))), "repeatedLine"),
        (.invalid(.mixedCurrencies), "mixedCurrencies"), (.invalid(.amountTooLarge), "amountTooLarge"),
        (.invalid(.invalidDiscount(sum: usd(1))), "invalidDiscount"),
        (.invalid(.wrongTotal(expected: usd(1))), "wrongTotal"), (.invalid(.invalidCardToken), "invalidCardToken"),
    ])
    func `have codes that stay, and a detail for people`(_ refusal: Order.Refusal, _ code: String) {
        #expect(refusal.code == code)
        #expect(refusal.description.contains(" ") && !refusal.description.hasSuffix("."))
    }

    @Test func `are refusals of a saga's step`() {
        let refusal = SagaRefusal(Order.Refusal.notConfirmed)
        #expect(refusal == SagaRefusal(code: "notConfirmed", reason: "the order is not confirmed yet"))
    }
}

@Suite struct `Whatever is asked of an order` {
    private static let next: [Order.Status?: Set<Order.Status>] = [
        nil: [.placed], .placed: [.confirmed, .cancelled, .rejected], .confirmed: [.shipped, .cancelled],
    ]

    @Test(arguments: UInt64(1)...200)
    func `it moves only along its ways, and its history says where it is`(_ seed: UInt64) {
        var random = Seeded(seed)
        var state = Order()
        var history: [OrderEvent] = []
        for _ in 0..<30 {
            let command = anyCommand(&random)
            guard let events = try? state.decide(command), let event = events.first else { continue }
            let before = state.status
            state.apply(event)
            history += events
            let allowed = Self.next[before] ?? []
            #expect(events.count == 1 && allowed.contains { $0 == state.status }, "seed \(seed): \(command)")
            #expect((try? state.decide(command)) == [], "seed \(seed): \(command) again")
        }
        #expect(Order(folding: history) == state, "seed \(seed)")
    }

    private func anyCommand(_ random: inout Seeded) -> Order.Command {
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: .place(Bool.random(using: &random) ? order : order { $0.total = usd(1) })
        case 2, 3: .confirm
        case 4: .cancel(reason: "changed my mind")
        case 5: .reject(code: "insufficientStock", reason: "only 1 unit is available")
        default: .ship(carrier: nil, tracking: "T-\(Int.random(in: 1...2, using: &random))")
        }
    }
}
