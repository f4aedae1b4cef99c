import Commerce
import EventSourcing
import EventSourcingTesting
import Orders
import Testing

@Suite struct `An order's number` {
    private let number = OrderNumber(rawValue: "PO-1996/17")
    private let stream = Order.category.stream(orderID.rawValue)

    private func placed(_ order: PlaceOrder, _ number: OrderNumber) -> OrderEvent {
        .placed(
            OrderPlaced(
                orderID: order.orderID, orderNumber: number, customerID: order.customerID, placedOn: order.placedOn,
                lines: order.lines, discount: order.discount, total: order.total, cardToken: order.cardToken))
    }

    @Test func `is recorded with the order`() throws {
        try DecisionScenario.givenNothing()
            .when(PlaceNumberedOrder(order, number: number))
            .then([DecidedEvents(placed(order, number), to: stream, expecting: .noStream)])
    }

    @Test func `is not given to a second order, whatever became of the first`() throws {
        let other = OrderID(rawValue: "10249")
        let first = Order.category.stream(other.rawValue)
        let history = try DecisionScenario.given(placed(order { $0.orderID = other }, number), in: first)
        try history.when(PlaceNumberedOrder(order, number: number)).thenRefused(.orderNumberTaken)
        try history.given(cancelled(wasConfirmed: false), in: first)
            .when(PlaceNumberedOrder(order, number: number)).thenRefused(.orderNumberTaken)
        try history.when(PlaceNumberedOrder(order, number: OrderNumber(rawValue: "PO-1996/18")))
            .then(placed(order, OrderNumber(rawValue: "PO-1996/18")), in: stream)
    }

    @Test func `that the order has already is nothing new`() throws {
        try DecisionScenario.given(placed(order, number), in: stream)
            .when(PlaceNumberedOrder(order, number: number)).thenNothing()
    }

    @Test func `does not make up for an order's flaws`() throws {
        try DecisionScenario.givenNothing()
            .when(PlaceNumberedOrder(order { $0.lines = [] }, number: number)).thenRefused(.invalid(.noLines))
    }

    @Test func `is missing in orders of the first version of the event`() throws {
        var bytes: [UInt8] = []
        try OrdersTests.placed.encode(into: &bytes)
        let read = try OrderEvent(type: "OrderPlaced", schemaVersion: 1, payload: bytes[...])
        #expect(read == OrdersTests.placed)
        #expect(read.tags == [])
        #expect(placed(order, number).tags == ["order-number:PO-1996/17"])
        #expect(placed(order, number).schemaVersion == 2)
    }

    @Test func `has 1 to 40 plain characters`() {
        for text in ["PO-2026/114", "1", "a.b_c", String(repeating: "x", count: 40)] {
            #expect(OrderNumber(validating: text) != nil, "\(text)")
        }
        for text in ["", " ", "1 2", "Ü", "1\n", "'", String(repeating: "x", count: 41)] {
            #expect(OrderNumber(validating: text) == nil, "\(text)")
        }
    }
}
