import Catalog
import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
import Orders
import Payments
import Projections
import Testing

@Suite struct `The list of products` {
    private let created = ProductEvent.created(
        ProductCreated(sku: chai, name: "Chai", price: usd(1_800), taxClass: .reduced))
    private let stream = Product.category.stream("CHAI-20")

    @Test func `shows a product as it was created`() throws {
        try ProjectionScenario<ProductList>().given(created, in: stream).then("CHAI-20") { product in
            product.sku == chai && product.name == "Chai" && product.price == usd(1_800)
                && product.taxClass == "reduced" && product.status == "active"
        }
    }

    @Test func `shows the newest price`() throws {
        try ProjectionScenario<ProductList>()
            .given(created, in: stream)
            .given(ProductEvent.repriced(ProductRepriced(sku: chai, price: usd(1_900))), in: stream)
            .then("CHAI-20") { $0.price == usd(1_900) && $0.name == "Chai" }
    }

    @Test func `shows that a product was withdrawn`() throws {
        try ProjectionScenario<ProductList>()
            .given(created, in: stream)
            .given(ProductEvent.withdrawn(ProductWithdrawn(sku: chai, reason: "sold out")), in: stream)
            .then("CHAI-20") { $0.status == "withdrawn" && $0.price == usd(1_800) }
    }

    @Test func `has a row for each product`() throws {
        let scenario = try ProjectionScenario<ProductList>().given(created, in: stream)
        scenario.thenNoRow("TOFU-1")
    }
}

@Suite struct `The levels of stock` {
    private static let order = OrderID(rawValue: "1")
    private static let received = StockEvent.received(StockReceived(sku: chai, location: rotterdam, quantity: 20))
    private static let reserved = StockEvent.reserved(
        StockReserved(sku: chai, location: rotterdam, orderID: order, quantity: 12))
    private static let committed = StockEvent.reservationCommitted(
        ReservationCommitted(sku: chai, location: rotterdam, orderID: order, quantity: 12))

    @Test(
        arguments: [
            ([received], [20, 0, 20]),
            (
                [received, .adjusted(StockAdjusted(sku: chai, location: rotterdam, delta: -3, reason: "broken"))],
                [17, 0, 17]
            ),
            ([received, reserved], [8, 12, 20]),
            ([received, reserved, committed], [8, 0, 8]),
            (
                [
                    received, reserved,
                    .reservationReleased(
                        ReservationReleased(sku: chai, location: rotterdam, orderID: order, quantity: 12)),
                ], [20, 0, 20]
            ),
            (
                [
                    received,
                    .reservationReleased(
                        ReservationReleased(sku: chai, location: rotterdam, orderID: order, quantity: 0)),
                ], [20, 0, 20]
            ),
            (
                [
                    received, reserved, committed,
                    .returned(StockReturned(sku: chai, location: rotterdam, orderID: order, quantity: 12)),
                ], [20, 0, 20]
            ),
        ] as [([StockEvent], [Int])])
    func `follow what happens`(_ events: [StockEvent], _ levels: [Int]) throws {
        let id = Stock.id(chai, rotterdam)
        try events.reduce(ProjectionScenario<StockLevels>()) { try $0.given($1, in: Stock.category.stream(id)) }
            .then(id) { row in
                [row.available, row.reserved, row.onHand] == levels && row.sku == chai && row.location == rotterdam
            }
    }

    @Test(arguments: [[received], [received, reserved], [received, reserved, committed]])
    func `agree with the aggregate`(_ events: [StockEvent]) throws {
        let (id, stock) = (Stock.id(chai, rotterdam), Stock(folding: events))
        try events.reduce(ProjectionScenario<StockLevels>()) { try $0.given($1, in: Stock.category.stream(id)) }
            .then(id) { $0.available == stock.available && $0.onHand == stock.onHand && $0.reserved == stock.reserved }
    }
}

@Suite struct `The summary of an order` {
    private typealias Summary = ProjectionScenario<OrderSummary>

    @Test func `shows what was ordered`() throws {
        try Summary().given(placed("1"), in: orderStream("1"), recordedAt: Timestamp(microsecondsSince1970: 1)).then(
            "1"
        ) { order in
            order.orderId?.rawValue == "1" && order.customerId?.rawValue == "VINET"
                && order.placedOn?.rawValue == "1996-07-04" && order.lines.map(\.quantity) == [3, 1]
                && order.lines.map(\.description) == ["a tea", nil] && order.total == usd(1_000)
                && order.status == .placed && order.payment.status == .none
                && order.placedAt == "1970-01-01T00:00:00.000001Z"
        }
    }

    @Test(
        arguments: [
            ([confirmed("1")], .confirmed), ([confirmed("1"), shipped("1")], .shipped),
            ([confirmed("1"), cancelled("1")], .cancelled), ([rejected("1")], .rejected),
        ] as [([OrderEvent], OrderSummary.Status)])
    func `shows where the order stands`(_ events: [OrderEvent], _ status: OrderSummary.Status) throws {
        try events.reduce(Summary().given(placed("1"), in: orderStream("1"))) { try $0.given($1, in: orderStream("1")) }
            .then("1") { $0.status == status && $0.total == usd(1_000) }
    }

    @Test func `says why an order was refused`() throws {
        try Summary().given(placed("1"), in: orderStream("1")).given(rejected("1"), in: orderStream("1")).then("1") {
            $0.refusal?.code == "paymentDeclined" && $0.refusal?.reason == "the card was declined"
        }
    }

    @Test func `says how an order was shipped`() throws {
        try Summary().given(placed("1"), in: orderStream("1")).given(shipped("1"), in: orderStream("1")).then("1") {
            $0.shipment?.carrier == "Federal Shipping" && $0.shipment?.tracking == "T-1"
        }
    }

    @Test(
        arguments: [
            ([authorised("1", usd(1_000))], .authorised, [1_000, nil, nil]),
            (
                [
                    .declined(
                        PaymentDeclined(orderID: OrderID(rawValue: "1"), amount: usd(1_000), code: "c", reason: "r"))
                ],
                .declined, [nil, nil, nil]
            ),
            ([authorised("1", usd(1_000)), captured("1", usd(900))], .captured, [1_000, 900, nil]),
            (
                [authorised("1", usd(1_000)), .voided(PaymentVoided(orderID: OrderID(rawValue: "1"), reason: "r"))],
                .voided, [1_000, nil, nil]
            ),
            (
                [captured("1", usd(900)), refunded("1", usd(100), 1), refunded("1", usd(200), 2)],
                .refunded, [nil, 900, 300]
            ),
        ] as [([PaymentEvent], OrderSummary.Payment.Status, [Int?])])
    func `shows what became of the money`(
        _ events: [PaymentEvent], _ status: OrderSummary.Payment.Status, _ amounts: [Int?]
    ) throws {
        try events.reduce(Summary().given(placed("1"), in: orderStream("1"))) {
            try $0.given($1, in: paymentStream("1"))
        }
        .then("1") { order in
            let payment = order.payment
            return [payment.authorised, payment.captured, payment.refunded].map(\.?.minorUnits) == amounts
                && payment.status == status && order.status == .placed
        }
    }

    @Test(
        arguments: [
            ([], ["r-1", "r-2"], .captured),
            (
                [
                    .refunded(
                        PaymentRefunded(
                            orderID: OrderID(rawValue: "1"), requestID: "r-1", amount: usd(100), refundID: "ref-1",
                            reason: "broken"))
                ], ["r-2"], .refunded
            ),
            (
                [
                    .refundDeclined(
                        PaymentRefundDeclined(
                            orderID: OrderID(rawValue: "1"), requestID: "r-2", code: "c", reason: "r"))
                ], ["r-1"], .captured
            ),
        ] as [([PaymentEvent], [String], OrderSummary.Payment.Status)])
    func `shows the refunds that are under way, and the payment's revision`(
        _ events: [PaymentEvent], _ pending: [String], _ status: OrderSummary.Payment.Status
    ) throws {
        let requests = [refundRequested("1", usd(100), "r-1"), refundRequested("1", usd(200), "r-2")]
        let history = [captured("1", usd(900))] + requests + events
        try history.reduce(Summary().given(placed("1"), in: orderStream("1"))) {
            try $0.given($1, in: paymentStream("1"))
        }
        .then("1") { order in
            order.payment.pendingRefunds.map(\.requestId) == pending && order.payment.status == status
                && order.payment.revision == Int64(history.count - 1)
        }
    }

    @Test func `is of one order alone`() throws {
        let scenario = try Summary()
            .given(placed("1"), in: orderStream("1"))
            .given(captured("1", usd(900)), in: paymentStream("1"))
        scenario.thenNoRow("2")
    }
}
