internal import Commerce
public import EventSourcing
internal import Orders
public import PostgresClient
public import Runtime

/// The orders of each customer, to page through by day and filter by status, and to find by their numbers.
public struct OrdersByCustomer: ReadModel {
    public let name: ProjectionName = "orders-by-customer"
    public let version = 2
    public let tables = ["orders_by_customer"]

    public init() {}

    public var filter: EventFilter { .events(of: OrderEvent.self) }

    public var schemaSQL: String {
        """
        CREATE TABLE orders_by_customer (
            customer_id text COLLATE "C" NOT NULL,
            order_id text COLLATE "C" NOT NULL,
            order_number text COLLATE "C",
            placed_on date NOT NULL,
            status text NOT NULL,
            quantity bigint NOT NULL,
            total_minor bigint NOT NULL,
            currency text NOT NULL,
            PRIMARY KEY (order_id)
        ) WITH (fillfactor = 80);
        CREATE INDEX orders_by_customer_page ON orders_by_customer (customer_id, placed_on, order_id);
        CREATE INDEX orders_by_number ON orders_by_customer (order_number) WHERE order_number IS NOT NULL;
        """
    }

    public func handle(_ events: [RecordedEvent], in session: PostgresSession) throws {
        var placed: [OrderPlaced] = []
        // Ids are compared as the table does it.
        var placedHere: Set<ExactText> = []
        var before: [ExactText: String] = [:]
        var statuses: [ExactText: String] = [:]
        for event in events {
            let id = ExactText(event.stream.id)
            switch try event.decode(as: OrderEvent.self) {
            case .placed(let event):
                placed.append(event)
                placedHere.insert(id)
                continue
            case .confirmed: statuses[id] = "confirmed"
            case .cancelled: statuses[id] = "cancelled"
            case .rejected: statuses[id] = "rejected"
            case .shipped: statuses[id] = "shipped"
            }
            // What comes before an order is placed is about no order of this batch.
            if !placedHere.contains(id) { before[id] = statuses.removeValue(forKey: id) }
        }
        try update(before, in: session)
        try insert(placed, statuses, in: session)
        try update(statuses, in: session)
    }

    /// An order that was placed and went on in one batch is written once.
    private func insert(
        _ placed: [OrderPlaced], _ statuses: [ExactText: String], in session: PostgresSession
    ) throws {
        guard !placed.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO orders_by_customer (
                customer_id, order_id, order_number, placed_on, status, quantity, total_minor, currency
            )
            SELECT customer_id, order_id, order_number, placed_on::date, status, quantity, total_minor, currency
            FROM unnest(
                $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[]
            ) AS orders (customer_id, order_id, order_number, placed_on, status, quantity, total_minor, currency)
            ON CONFLICT DO NOTHING
            """,
            [
                .textArray(placed.map(\.customerID.rawValue)), .textArray(placed.map(\.orderID.rawValue)),
                .optionalTextArray(placed.map { $0.orderNumber?.rawValue }),
                .textArray(placed.map(\.placedOn.storable.rawValue)),
                .textArray(placed.map { statuses[ExactText($0.orderID.rawValue)] ?? "placed" }),
                .int64Array(placed.map { order in order.lines.reduce(0) { $0 &+ Int64($1.quantity) } }),
                .int64Array(placed.map { Int64($0.total.minorUnits) }),
                .textArray(placed.map(\.total.currency.rawValue)),
            ])
    }

    private func update(_ statuses: [ExactText: String], in session: PostgresSession) throws {
        guard !statuses.isEmpty else { return }
        let sorted = statuses.map { ($0.key.text, $0.value) }.sorted { $0.0 < $1.0 }
        try session.execute(
            """
            UPDATE orders_by_customer SET status = changed.status
            FROM unnest($1::text[], $2::text[]) AS changed (order_id, status)
            WHERE orders_by_customer.order_id = changed.order_id
            """, [.textArray(sorted.map(\.0)), .textArray(sorted.map(\.1))])
    }
}
