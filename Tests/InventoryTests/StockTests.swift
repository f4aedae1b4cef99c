import Commerce
import EventSourcingTesting
import Inventory
import Testing

@Suite struct `Receiving stock` {
    @Test func `makes it available`() {
        let outcome = Scenario<Stock>.givenNothing().when(.receive(item, quantity: 40))
        outcome.then(received(40))
        #expect(outcome.state.onHand == 40)
        #expect(outcome.state.available == 40)
        #expect(outcome.state.item == item)
    }

    @Test(arguments: [0, -1, 1_000_001, Int.max, Int.min])
    func `takes 1 to a million units at once`(_ quantity: Int) {
        Scenario<Stock>.given(received(1)).when(.receive(item, quantity: quantity)).thenRefused(.invalidQuantity)
    }

    @Test func `ends when the location is full`() {
        let full = received(Stock.onHandMax)
        Scenario<Stock>.given(full).when(.receive(item, quantity: 1)).thenRefused(.overfull)
        Scenario<Stock>.given(full).when(.adjust(item, delta: 1, reason: "found")).thenRefused(.overfull)
    }
}

@Suite struct `Adjusting stock` {
    @Test(arguments: [(-2, 38), (5, 45), (-40, 0)])
    func `puts the count right`(_ delta: Int, _ onHand: Int) {
        let outcome = Scenario<Stock>.given(received(40)).when(.adjust(item, delta: delta, reason: "counted"))
        outcome.then(adjusted(delta))
        #expect(outcome.state.onHand == onHand)
    }

    @Test func `can be how a stock begins`() {
        Scenario<Stock>.givenNothing().when(.adjust(item, delta: 7, reason: "counted")).then(adjusted(7))
    }

    @Test func `leaves what is reserved`() {
        let stock = Scenario<Stock>.given(received(10), reserved(first, 6))
        stock.when(.adjust(item, delta: -4, reason: "broken")).then(adjusted(-4, "broken"))
        stock.when(.adjust(item, delta: -5, reason: "broken")).thenRefused(.belowReserved(reserved: 6))
    }

    @Test func `never goes below nothing`() {
        Scenario<Stock>.givenNothing().when(.adjust(item, delta: -1, reason: "lost"))
            .thenRefused(.belowReserved(reserved: 0))
    }

    @Test(arguments: [0, 1_000_001, -1_000_001, Int.max, Int.min])
    func `moves 1 to a million units at once`(_ delta: Int) {
        Scenario<Stock>.given(received(1)).when(.adjust(item, delta: delta, reason: "x")).thenRefused(.invalidQuantity)
    }

    @Test(arguments: ["", "  ", "a\0b", String(repeating: "x", count: 501)])
    func `says why`(_ reason: String) {
        Scenario<Stock>.given(received(1)).when(.adjust(item, delta: 1, reason: reason)).thenRefused(.invalidReason)
    }
}

@Suite struct `Reserving stock` {
    @Test func `sets units aside`() {
        let outcome = Scenario<Stock>.given(received(10)).when(.reserve(first, quantity: 4))
        outcome.then(reserved(first, 4))
        #expect(outcome.state.onHand == 10)
        #expect(outcome.state.reserved == 4)
        #expect(outcome.state.available == 6)
    }

    @Test func `takes the last unit, and no more`() {
        let stock = Scenario<Stock>.given(received(10), reserved(first, 9))
        stock.when(.reserve(second, quantity: 1)).then(reserved(second, 1))
        stock.when(.reserve(second, quantity: 2)).thenRefused(.insufficientStock(available: 1))
    }

    @Test func `finds nothing where nothing was received`() {
        Scenario<Stock>.givenNothing().when(.reserve(first, quantity: 1)).thenRefused(.insufficientStock(available: 0))
    }

    @Test(arguments: [0, -1, 1_000_001, Int.max, Int.min])
    func `takes 1 to a million units at once`(_ quantity: Int) {
        Scenario<Stock>.given(received(1)).when(.reserve(first, quantity: quantity)).thenRefused(.invalidQuantity)
    }

    @Test func `does it once for an order`() {
        let stock = Scenario<Stock>.given(received(10), reserved(first, 4))
        stock.when(.reserve(first, quantity: 4)).thenNothing()
        stock.when(.reserve(first, quantity: 5)).thenRefused(.differentQuantity(4))
    }

    @Test func `does it once also when the order was committed since`() {
        let stock = Scenario<Stock>.given(received(10), reserved(first, 4), committed(first, 4))
        stock.when(.reserve(first, quantity: 4)).thenNothing()
        stock.when(.reserve(first, quantity: 3)).thenRefused(.differentQuantity(4))
    }

    @Test func `comes too late for an order that gave its units back`() {
        Scenario<Stock>.given(received(10), reserved(first, 4), released(first, 4))
            .when(.reserve(first, quantity: 4)).thenRefused(.released)
        Scenario<Stock>.given(received(10), reserved(first, 4), committed(first, 4), returned(first, 4))
            .when(.reserve(first, quantity: 4)).thenRefused(.released)
    }

    @Test func `comes too late for an order that was released before`() {
        Scenario<Stock>.given(received(10), released(first, 0)).when(.reserve(first, quantity: 4))
            .thenRefused(.released)
        Scenario<Stock>.given(received(10), released(first, 0)).when(.reserve(second, quantity: 4))
            .then(reserved(second, 4))
    }
}

@Suite struct `Releasing a reservation` {
    @Test func `makes its units available`() {
        let outcome = Scenario<Stock>.given(received(10), reserved(first, 4)).when(.release(first))
        outcome.then(released(first, 4))
        #expect(outcome.state.available == 10)
        #expect(outcome.state.reservations.isEmpty)
    }

    @Test func `accepts that there is none, and sees to it that none comes after it`() {
        Scenario<Stock>.givenNothing().when(.release(first)).thenNothing()
        let outcome = Scenario<Stock>.given(received(10), reserved(second, 4)).when(.release(first))
        outcome.then(released(first, 0))
        #expect(outcome.state.available == 6)
        #expect(outcome.state.reserved == 4)
        Scenario<Stock>.given(received(10), released(first, 0)).when(.release(first)).thenNothing()
    }

    @Test func `accepts that it was released or returned`() {
        let reservation = [received(10), reserved(first, 4)]
        Scenario<Stock>.given(reservation + [released(first, 4)]).when(.release(first)).thenNothing()
        Scenario<Stock>.given(reservation + [committed(first, 4), returned(first, 4)])
            .when(.release(first)).thenNothing()
    }

    @Test func `is too late when its units have left`() {
        Scenario<Stock>.given(received(10), reserved(first, 4), committed(first, 4))
            .when(.release(first)).thenRefused(.alreadyCommitted)
    }
}

@Suite struct `Committing a reservation` {
    @Test func `takes its units out of the stock`() {
        let outcome = Scenario<Stock>.given(received(10), reserved(first, 4)).when(.commit(first))
        outcome.then(committed(first, 4))
        #expect(outcome.state.onHand == 6)
        #expect(outcome.state.reserved == 0)
    }

    @Test func `happens once`() {
        Scenario<Stock>.given(received(10), reserved(first, 4), committed(first, 4)).when(.commit(first)).thenNothing()
    }

    @Test func `needs a reservation`() {
        Scenario<Stock>.givenNothing().when(.commit(first)).thenRefused(.notReserved)
        Scenario<Stock>.given(received(10), reserved(first, 4), released(first, 4))
            .when(.commit(first)).thenRefused(.notReserved)
        Scenario<Stock>.given(received(10), reserved(first, 4), committed(first, 4), returned(first, 4))
            .when(.commit(first)).thenRefused(.notReserved)
    }
}

@Suite struct `Returning stock` {
    private let sold = Scenario<Stock>.given(received(10), reserved(first, 4), committed(first, 4))

    @Test func `brings units back`() {
        let outcome = sold.when(.returnStock(first, quantity: 4))
        outcome.then(returned(first, 4))
        #expect(outcome.state.available == 10)
    }

    @Test func `happens once`() {
        Scenario<Stock>.given(received(10), reserved(first, 4), committed(first, 4), returned(first, 4))
            .when(.returnStock(first, quantity: 4)).thenNothing()
    }

    @Test func `accepts that the commit never happened`() {
        Scenario<Stock>.given(received(10), reserved(first, 4)).when(.returnStock(first, quantity: 4)).thenNothing()
        Scenario<Stock>.given(received(10), reserved(first, 4), released(first, 4))
            .when(.returnStock(first, quantity: 4)).thenNothing()
    }

    @Test func `brings back what left`() {
        sold.when(.returnStock(first, quantity: 3)).thenRefused(.differentQuantity(4))
        sold.when(.returnStock(first, quantity: 0)).thenRefused(.invalidQuantity)
        sold.when(.returnStock(first, quantity: .max)).thenRefused(.invalidQuantity)
    }

    @Test func `brings back nothing that never left`() {
        Scenario<Stock>.givenNothing().when(.returnStock(first, quantity: 1)).thenRefused(.notCommitted)
        Scenario<Stock>.given(received(10)).when(.returnStock(first, quantity: 1)).thenRefused(.notCommitted)
        sold.when(.returnStock(second, quantity: 1)).thenRefused(.notCommitted)
    }
}

@Suite struct `A stock's refusals` {
    @Test(arguments: [
        (Stock.Refusal.insufficientStock(available: 3), "insufficientStock", "only 3 units are available"),
        (.belowReserved(reserved: 6), "belowReserved", "6 units are reserved for orders, and fewer would be left"),
        (.differentQuantity(4), "differentQuantity", "the order has 4 units here, and another number was named"),
        (.notReserved, "notReserved", "nothing is reserved for the order"),
        (.released, "released", "the order has given its units up here, and none are reserved for it any more"),
        (.alreadyCommitted, "alreadyCommitted", "the order's units have left the stock, and can only be returned"),
        (.notCommitted, "notCommitted", "no such number of units has left the stock for the order"),
        (.invalidQuantity, "invalidQuantity", "a quantity is a number from 1 to 1000000"),
        (.overfull, "overfull", "a location holds at most 1000000000 units"),
        (.invalidReason, "invalidReason", "a reason has 1 to 500 characters and no control characters"),
    ])
    func `have codes that stay, and a detail for people`(_ refusal: Stock.Refusal, _ code: String, _ detail: String) {
        #expect(refusal.code == code)
        #expect(refusal.description == detail)
    }
}

@Suite struct `A stock's id` {
    @Test func `names what and where`() {
        #expect(Stock.id(item.sku, item.location) == "CHAI-20@rotterdam")
        #expect(item.id == "CHAI-20@rotterdam")
    }
}
