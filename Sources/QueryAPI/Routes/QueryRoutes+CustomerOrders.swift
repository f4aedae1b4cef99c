internal import Commerce
internal import EventCodec
internal import HTTPSupport
internal import Hummingbird
internal import PostgresClient

extension QueryRoutes {
    /// `GET /customers/{id}/orders`
    @Sendable func customerOrders(_ request: APIRequest) async throws -> Response {
        let customer = try request.identifier("id", as: CustomerID.self)
        guard isVisible(customer.rawValue, to: request.principal) else { throw Problem.notFound() }
        let query = try CustomerOrdersQuery(customer, request)
        try await gate.wait(request, for: readModels.ordersByCustomer)
        let orders = try await query.run(pool)
        let next = orders.count == query.limit ? orders.last.map(query.cursor) : nil
        return .json(page("orders", orders.map(\.jsonBytes), next: next))
    }
}

/// The orders of one customer, newest first.
private struct CustomerOrdersQuery: Sendable {
    let customer: CustomerID
    let status: String?
    let first: CalendarDate?
    let last: CalendarDate?
    let limit: Int
    private let before: PageCursor?

    private static let statuses = ["placed", "confirmed", "shipped", "cancelled", "rejected"]

    init(_ customer: CustomerID, _ request: APIRequest) throws(Problem) {
        let query = try request.query("status", "from", "to", "limit", "cursor")
        self.customer = customer
        status = try query.value("status", "one of \(Self.statuses.joined(separator: ", "))") {
            Self.statuses.contains($0) ? $0 : nil
        }
        first = try query.day("from")
        last = try query.day("to")
        limit = try query.integer("limit", in: 1...200) ?? 50
        before = try query.cursor(list: Self.list(customer), count: 2) { CalendarDate(validating: $0[0]) != nil }
    }

    private static func list(_ customer: CustomerID) -> String { "customers/\(customer)/orders" }

    func cursor(after order: CustomerOrder) -> PageCursor {
        PageCursor(list: Self.list(customer), parts: [order.placedOn, order.orderID])
    }

    func run(_ pool: PostgresPool) async throws -> [CustomerOrder] {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT order_id, placed_on::text, status, quantity, total_minor, currency, order_number
                FROM read_models.orders_by_customer
                WHERE customer_id = $1 AND ($2::text IS NULL OR status = $2)
                    AND placed_on >= COALESCE($3::text::date, '-infinity')
                    AND placed_on <= COALESCE($4::text::date, 'infinity')
                    AND (placed_on, order_id) < (COALESCE($5::text::date, 'infinity'), COALESCE($6::text, ''))
                ORDER BY orders_by_customer.placed_on DESC, orders_by_customer.order_id DESC LIMIT $7
                """,
                [
                    .text(customer.rawValue), .optional(status), .optional(first?.rawValue), .optional(last?.rawValue),
                    .optional(before?.parts[0]), .optional(before?.parts[1]), .int64(Int64(limit)),
                ])
            return try (0..<rows.rowCount).map { row in
                CustomerOrder(
                    orderID: rows.text(row, 0), placedOn: rows.text(row, 1), status: rows.text(row, 2),
                    quantity: Int(try rows.int64(row, 3)),
                    total: Money(
                        minorUnits: Int(try rows.int64(row, 4)), currency: Currency(rawValue: rows.text(row, 5))),
                    number: rows.optionalText(row, 6))
            }
        }
    }
}

private struct CustomerOrder: Sendable, JSONWritable {
    let orderID: String
    let placedOn: String
    let status: String
    /// Units on all lines.
    let quantity: Int
    let total: Money
    let number: String?

    func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        json.string(orderID)
        if let number {
            json.key("orderNumber")
            json.string(number)
        }
        json.key("placedOn")
        json.string(placedOn)
        json.key("status")
        json.string(status)
        json.key("quantity")
        json.integer(quantity)
        json.key("total")
        total.write(to: &json)
        json.endObject()
    }
}

extension PostgresValue {
    fileprivate static func optional(_ text: String?) -> PostgresValue { text.map(PostgresValue.text) ?? .null }
}
