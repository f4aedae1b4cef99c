internal import Commerce
public import EventSourcing
internal import Orders
internal import Payments
public import PostgresClient
public import Runtime

/// What was sold on each business day: the orders that were confirmed, and what of their money was paid back.
///
/// A confirmation and a refund do not say on which day the order was placed, so each order's part is kept in a table
/// of its own. Money that goes back before an order is confirmed counts once the order is; what was undone and never
/// confirmed was never a sale. Refunds may come from another log than orders: one that is seen before its order waits
/// in the order's part.
///
/// A log may hold what no aggregate decides: of an order that is placed again the first counts, one that is confirmed
/// again counts once, and one that is confirmed before it is placed does not. None of this depends on where batches
/// end, unless sums do not fit into 64 bits.
public struct SalesByDay: ReadModel {
    public let name: ProjectionName = "sales-by-day"
    public let version = 4
    public let tables = ["sales_by_day", "sales_by_day_orders"]

    public init() {}

    public var filter: EventFilter {
        EventFilter(types: [OrderPlaced.eventType, OrderConfirmed.eventType, PaymentRefunded.eventType])
    }

    public var schemaSQL: String {
        """
        CREATE TABLE sales_by_day (
            day date NOT NULL,
            currency text COLLATE "C" NOT NULL,
            orders bigint NOT NULL,
            quantity bigint NOT NULL,
            gross_minor bigint NOT NULL,
            refunded_minor bigint NOT NULL,
            PRIMARY KEY (day, currency)
        ) WITH (fillfactor = 50);
        CREATE TABLE sales_by_day_orders (
            order_id text COLLATE "C" PRIMARY KEY,
            day date,
            currency text COLLATE "C",
            quantity bigint,
            total_minor bigint,
            refunded_minor bigint NOT NULL DEFAULT 0,
            is_confirmed boolean NOT NULL DEFAULT false
        ) WITH (fillfactor = 80);
        """
    }

    public func handle(_ events: [RecordedEvent], in session: PostgresSession) throws {
        var placed: [OrderPlaced] = []
        // Ids are compared as the table does it.
        var placedHere: Set<ExactText> = []
        var confirmedBefore: [OrderID] = []
        var confirmedHere: [OrderID] = []
        var refunds: [PaymentRefunded] = []
        for event in events {
            switch try event.decode(as: Either<OrderEvent, PaymentEvent>.self) {
            case .first(.placed(let event)):
                if placedHere.insert(ExactText(event.orderID.rawValue)).inserted { placed.append(event) }
            case .first(.confirmed(let event)):
                if placedHere.contains(ExactText(event.orderID.rawValue)) {
                    confirmedHere.append(event.orderID)
                } else {
                    confirmedBefore.append(event.orderID)
                }
            case .second(.refunded(let event)): refunds.append(event)
            default: break
            }
        }
        // As in the log: whatever is confirmed first was placed in an earlier batch, or was not placed.
        try count(confirmedBefore, in: session)
        try remember(placed, in: session)
        try subtract(refunds, in: session)
        try count(confirmedHere, in: session)
    }

    private func remember(_ placed: [OrderPlaced], in session: PostgresSession) throws {
        guard !placed.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO sales_by_day_orders AS kept (order_id, day, currency, quantity, total_minor)
            SELECT order_id, day::date, currency, quantity, total_minor
            FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
                AS orders (order_id, day, currency, quantity, total_minor)
            ON CONFLICT (order_id) DO UPDATE SET
                day = EXCLUDED.day, currency = EXCLUDED.currency, quantity = EXCLUDED.quantity,
                total_minor = EXCLUDED.total_minor
            WHERE kept.day IS NULL
            """,
            [
                .textArray(placed.map(\.orderID.rawValue)), .textArray(placed.map(\.placedOn.storable.rawValue)),
                .textArray(placed.map(\.total.currency.rawValue)),
                .int64Array(placed.map { order in order.lines.reduce(0) { $0 &+ Int64($1.quantity) } }),
                .int64Array(placed.map { Int64($0.total.minorUnits) }),
            ])
    }

    private func count(_ confirmed: [OrderID], in session: PostgresSession) throws {
        guard !confirmed.isEmpty else { return }
        try session.execute(
            """
            WITH confirmed AS (
                UPDATE sales_by_day_orders SET is_confirmed = true
                WHERE order_id = ANY ($1::text[]) AND day IS NOT NULL AND NOT is_confirmed
                RETURNING day, currency, quantity, total_minor, refunded_minor
            )
            INSERT INTO sales_by_day AS kept (day, currency, orders, quantity, gross_minor, refunded_minor)
            SELECT day, currency, count(*), \(clamped("sum(quantity)")), \(clamped("sum(total_minor)")),
                \(clamped("sum(refunded_minor)"))
            FROM confirmed GROUP BY day, currency ORDER BY day, currency
            ON CONFLICT (day, currency) DO UPDATE SET
                orders = kept.orders + EXCLUDED.orders,
                quantity = \(clamped("kept.quantity::numeric + EXCLUDED.quantity")),
                gross_minor = \(clamped("kept.gross_minor::numeric + EXCLUDED.gross_minor")),
                refunded_minor = \(clamped("kept.refunded_minor::numeric + EXCLUDED.refunded_minor"))
            """, [.textArray(confirmed.map(\.rawValue))])
    }

    private func subtract(_ refunds: [PaymentRefunded], in session: PostgresSession) throws {
        guard !refunds.isEmpty else { return }
        try session.execute(
            """
            WITH refunds AS (
                SELECT order_id, \(clamped("sum(amount)")) AS amount
                FROM unnest($1::text[], $2::bigint[]) AS refunds (order_id, amount) GROUP BY order_id
            ), changed AS (
                INSERT INTO sales_by_day_orders AS kept (order_id, refunded_minor)
                SELECT order_id, amount FROM refunds ORDER BY order_id
                ON CONFLICT (order_id) DO UPDATE SET
                    refunded_minor = \(clamped("kept.refunded_minor::numeric + EXCLUDED.refunded_minor"))
                RETURNING kept.order_id, kept.day, kept.currency, kept.is_confirmed
            )
            UPDATE sales_by_day AS kept
            SET refunded_minor = \(clamped("kept.refunded_minor::numeric + refunded.amount"))
            FROM (
                SELECT day, currency, \(clamped("sum(amount)")) AS amount
                FROM changed JOIN refunds USING (order_id) WHERE is_confirmed GROUP BY day, currency
            ) AS refunded
            WHERE kept.day = refunded.day AND kept.currency = refunded.currency
            """,
            [
                .textArray(refunds.map(\.orderID.rawValue)),
                .int64Array(refunds.map { Int64($0.amount.minorUnits) }),
            ])
    }
}

/// A `numeric` of SQL as a `bigint`: at its end when it does not fit, for no event may stop a read model.
private func clamped(_ numeric: String) -> String {
    "least(greatest(\(numeric), -9223372036854775808), 9223372036854775807)::bigint"
}
