import Catalog
import Commerce
import EventSourcing
import Inventory
import Orders
import Payments
import PostgresClient
import PostgresServer
import Runtime

let chai = SKU(rawValue: "CHAI-20")
let tofu = SKU(rawValue: "TOFU-1")
let rotterdam = LocationID(rawValue: "rotterdam")

func usd(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "USD")) }
func eur(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "EUR")) }

func orderStream(_ id: String) -> StreamName { Order.category.stream(id) }
func paymentStream(_ id: String) -> StreamName { Payment.category.stream(id) }

func placed(
    _ id: String, by customer: String = "VINET", on day: String = "1996-07-04", _ quantity: Int = 3,
    total: Money = usd(1_000), number: String? = nil
) -> OrderEvent {
    let line = OrderPlaced.Line(
        sku: chai, location: rotterdam, quantity: quantity, unitPrice: total, taxClass: "reduced", description: "a tea")
    let more = OrderPlaced.Line(
        sku: tofu, location: rotterdam, quantity: 1, unitPrice: total, taxClass: nil, description: nil)
    return .placed(
        OrderPlaced(
            orderID: OrderID(rawValue: id), orderNumber: number.map(OrderNumber.init),
            customerID: CustomerID(rawValue: customer),
            placedOn: CalendarDate(rawValue: day), lines: [line, more], discount: .zero(total.currency), total: total,
            cardToken: "tok_approve"))
}

func confirmed(_ id: String) -> OrderEvent { .confirmed(OrderConfirmed(orderID: OrderID(rawValue: id))) }

func cancelled(_ id: String) -> OrderEvent {
    .cancelled(OrderCancelled(orderID: OrderID(rawValue: id), reason: "ordered twice", wasConfirmed: true))
}

func rejected(_ id: String) -> OrderEvent {
    .rejected(OrderRejected(orderID: OrderID(rawValue: id), reason: "the card was declined", code: "paymentDeclined"))
}

func shipped(_ id: String) -> OrderEvent {
    .shipped(OrderShipped(orderID: OrderID(rawValue: id), carrier: "Federal Shipping", tracking: "T-1"))
}

func authorised(_ id: String, _ amount: Money) -> PaymentEvent {
    .authorised(PaymentAuthorised(orderID: OrderID(rawValue: id), amount: amount, authorisationID: "auth"))
}

func captured(_ id: String, _ amount: Money) -> PaymentEvent {
    .captured(PaymentCaptured(orderID: OrderID(rawValue: id), amount: amount, captureID: "cap"))
}

func refunded(_ id: String, _ amount: Money, _ number: Int = 1) -> PaymentEvent {
    .refunded(
        PaymentRefunded(orderID: OrderID(rawValue: id), amount: amount, refundID: "ref-\(number)", reason: "broken"))
}

func refundRequested(_ id: String, _ amount: Money, _ request: String) -> PaymentEvent {
    .refundRequested(
        PaymentRefundRequested(
            orderID: OrderID(rawValue: id), requestID: request, amount: amount, reason: "broken"))
}

/// A log of what happened to orders and their payments.
struct History {
    private(set) var events: [RecordedEvent] = []

    mutating func order(_ id: String, _ payloads: OrderEvent...) throws {
        for payload in payloads { try append(payload, orderStream(id)) }
    }

    mutating func payment(_ id: String, _ payloads: PaymentEvent...) throws {
        for payload in payloads { try append(payload, paymentStream(id)) }
    }

    private mutating func append(_ payload: some EventPayload, _ stream: StreamName) throws {
        let new = try NewEvent(payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
        events.append(
            RecordedEvent(
                new, position: Position(rawValue: Int64(events.count + 1)), stream: stream, revision: .first,
                recordedAt: Timestamp(microsecondsSince1970: 0)))
    }
}

/// Read models of a test's own, handled as the runtime does it.
struct Tables {
    private let connection: PostgresConnection

    static func with<R: Sendable>(_ body: (Tables) async throws -> R) async throws -> R {
        let configuration = ConnectionConfiguration(connectionString: try await TemporaryPostgres.database())
        return try await PostgresConnection.with(configuration) { connection in
            try await body(Tables(connection: connection))
        }
    }

    /// The rows of `model` after `events`, which come in batches that end before each of `boundaries`.
    func rows(_ model: any ReadModel, _ events: [RecordedEvent], boundaries: [Int] = []) async throws -> [String:
        [String]]
    {
        let edges = [0] + boundaries + [events.count]
        let batches = zip(edges, edges.dropFirst()).map { events[$0..<$1].filter(model.filter.matches) }
        return try await connection.run { session in
            for table in model.tables { try session.executeScript("DROP TABLE IF EXISTS \(table)") }
            try session.executeScript(model.schemaSQL)
            for batch in batches where !batch.isEmpty {
                try session.transaction { session in try model.handle(batch, in: session) }
            }
            var rows: [String: [String]] = [:]
            for table in model.tables {
                let result = try session.execute("SELECT t::text FROM \(table) AS t ORDER BY 1")
                rows[table] = (0..<result.rowCount).map { result.text($0, 0) }
            }
            return rows
        }
    }
}
