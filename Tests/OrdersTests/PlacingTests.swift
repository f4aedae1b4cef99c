import Commerce
import EventSourcingTesting
import Orders
import Testing

@Suite struct `Placing an order` {
    @Test func `takes it down as it was asked for`() {
        let outcome = Scenario<Order>.givenNothing().when(.place(order))
        outcome.then(placed)
        #expect(outcome.state.status == .placed)
        #expect(outcome.state.details?.total == usd(22_925))
    }

    @Test(arguments: [[placed], [placed, confirmed], [placed, confirmed, shipped], [placed, rejected]])
    func `happens once`(_ history: [OrderEvent]) {
        Scenario<Order>.given(history).when(.place(order)).thenNothing()
    }

    @Test func `needs an id of its own`() {
        let other = order { $0.customerID = CustomerID(rawValue: "ALFKI") }
        Scenario<Order>.given(placed).when(.place(other)).thenRefused(.alreadyPlaced)
    }

    @Test func `needs lines, and not too many`() {
        refuse(order { $0.lines = [] }, .noLines)
        let lines = (1...101).map { line("SKU-\($0)") }
        refuse(order { $0.lines = lines }, .tooManyLines)
        accept(order { $0 = $0.of(Array(lines.prefix(100)), total: usd(9_000)) })
    }

    @Test(arguments: [0, -1, 10_001, Int.max, Int.min])
    func `takes 1 to ten thousand units of a line`(_ quantity: Int) {
        refuse(order { $0.lines[0].quantity = quantity }, .invalidQuantity(SKU(rawValue: "CHAI-20")))
    }

    @Test(arguments: [-1, Int.min])
    func `takes no negative price`(_ price: Int) {
        refuse(order { $0.lines[1].unitPrice = usd(price) }, .negativePrice(SKU(rawValue: "TOFU-1")))
    }

    @Test func `takes the same product from one place once`() {
        let twice = [line("CHAI-20"), line("CHAI-20")]
        refuse(
            order { $0 = $0.of(twice, total: usd(-800)) },
            .repeatedLine(SKU(rawValue: "CHAI-20"), LocationID(rawValue: "rotterdam")))
        accept(order { $0 = $0.of([line("CHAI-20", 10), line("CHAI-20", from: "utrecht")], total: usd(100)) })
    }

    @Test func `is in one currency`() {
        let euros = Money(minorUnits: 0, currency: Currency(rawValue: "EUR"))
        refuse(order { $0.lines[0].unitPrice = euros }, .mixedCurrencies)
        refuse(order { $0.discount = euros }, .mixedCurrencies)
        refuse(order { $0.total = Money(minorUnits: 22_925, currency: euros.currency) }, .mixedCurrencies)
    }

    @Test(arguments: [-1, 23_926, Int.max, Int.min])
    func `takes off at most what the lines come to`(_ discount: Int) {
        refuse(order { $0.discount = usd(discount) }, .invalidDiscount(sum: usd(23_925)))
    }

    @Test(arguments: [22_924, 22_926, 0, -1, Int.max, Int.min])
    func `has the total that follows from its lines`(_ total: Int) {
        refuse(order { $0.total = usd(total) }, .wrongTotal(expected: usd(22_925)))
    }

    @Test func `can be free, and then needs no card`() {
        let free = order {
            $0.discount = usd(23_925)
            $0.total = usd(0)
            $0.cardToken = ""
        }
        accept(free)
        accept(order { $0 = $0.of([line("GIFT", at: usd(0))], discount: 0, total: usd(0)) })
    }

    @Test func `has amounts that add up`() {
        refuse(order { $0.lines[0].unitPrice = usd(.max) }, .amountTooLarge)
        let lines = [line("A", at: usd(.max)), line("B", at: usd(.max))]
        refuse(order { $0.lines = lines }, .amountTooLarge)
    }

    @Test(arguments: [
        "", "a b", "tok\n", "tök", "4111111111111111", "4111-1111-1111-1111", "4111.1111.1111.1111",
        "4111_1111_1111_1111", "4111/1111/1111/1111", String(repeating: "x", count: 256),
    ])
    func `takes a card's token and never its number`(_ token: String) {
        refuse(order { $0.cardToken = token }, .invalidCardToken)
    }

    @Test(arguments: ["\0", String(repeating: "x", count: 501)])
    func `takes texts that people can read`(_ text: String) {
        refuse(order { $0.lines[0].description = text }, .invalidText(SKU(rawValue: "CHAI-20")))
        refuse(order { $0.lines[0].taxClass = text }, .invalidText(SKU(rawValue: "CHAI-20")))
    }

    private func refuse(
        _ order: PlaceOrder, _ flaw: PlaceOrder.Flaw, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        Scenario<Order>.givenNothing().when(.place(order))
            .thenRefused(.invalid(flaw), sourceLocation: sourceLocation)
    }

    private func accept(_ order: PlaceOrder, sourceLocation: SourceLocation = #_sourceLocation) {
        let state = Scenario<Order>.givenNothing().when(.place(order)).state
        #expect(state.status == .placed, sourceLocation: sourceLocation)
    }
}

extension PlaceOrder {
    fileprivate func of(_ lines: [OrderPlaced.Line], discount: Int = 1_000, total: Money) -> PlaceOrder {
        var order = self
        order.lines = lines
        order.discount = usd(discount)
        order.total = total
        return order
    }
}
