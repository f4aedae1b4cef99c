internal import Commerce
internal import EventCodec
internal import HTTPSupport
internal import Hummingbird
internal import PostgresClient

extension QueryRoutes {
    /// More days, each with its currencies, are not shown at once.
    private static let daysMax = 10_000

    /// `GET /sales`
    @Sendable func sales(_ request: APIRequest) async throws -> Response {
        let query = try request.query("from", "to")
        let (first, last) = (try query.day("from"), try query.day("to"))
        try await gate.wait(request, for: readModels.salesByDay)
        let figures = try await figures(from: first, to: last)
        guard figures.count <= Self.daysMax else {
            throw Problem.badRequest(.query(parameter: "from"), "is too far from 'to': there are too many days")
        }
        var json = JSONWriter()
        json.startObject()
        return .json(
            json.ending(with: "days", figures.filter { $0.day != nil }.map(\.jsonBytes)) { json in
                json.key("totals")
                figures.filter { $0.day == nil }.write(to: &json)
            })
    }

    /// Days and totals come from one statement, and so agree.
    private func figures(from first: CalendarDate?, to last: CalendarDate?) async throws -> [SalesFigures] {
        try await pool.run { session in
            let rows = try session.execute(
                """
                SELECT day::text, currency, sum(orders)::bigint, \(clampedSum("quantity")),
                    \(clampedSum("gross_minor")), \(clampedSum("refunded_minor"))
                FROM read_models.sales_by_day
                WHERE day >= COALESCE($1::text::date, '-infinity') AND day <= COALESCE($2::text::date, 'infinity')
                GROUP BY GROUPING SETS ((day, currency), (currency))
                ORDER BY sales_by_day.day NULLS LAST, currency LIMIT $3
                """,
                [
                    first.map { .text($0.rawValue) } ?? .null, last.map { .text($0.rawValue) } ?? .null,
                    .int64(Int64(Self.daysMax) + 1),
                ])
            return try (0..<rows.rowCount).map { row in
                SalesFigures(
                    day: rows.optionalText(row, 0), currency: Currency(rawValue: rows.text(row, 1)),
                    orders: Int(try rows.int64(row, 2)), quantity: Int(try rows.int64(row, 3)),
                    gross: Int(try rows.int64(row, 4)), refunded: Int(try rows.int64(row, 5)))
            }
        }
    }
}

/// The sum of a column, at the end of `bigint` when it does not fit: the days may hold such ends themselves.
private func clampedSum(_ column: String) -> String {
    "least(greatest(sum(\(column)), -9223372036854775808), 9223372036854775807)::bigint"
}

/// What was sold on a day, or on all days together.
private struct SalesFigures: Sendable, JSONWritable {
    let day: String?
    let currency: Currency
    let orders: Int
    let quantity: Int
    let gross: Int
    let refunded: Int

    func write(to json: inout JSONWriter) {
        json.startObject()
        if let day {
            json.key("day")
            json.string(day)
        }
        json.key("currency")
        currency.write(to: &json)
        json.key("orders")
        json.integer(orders)
        json.key("quantity")
        json.integer(quantity)
        json.key("gross")
        Money(minorUnits: gross, currency: currency).write(to: &json)
        json.key("refunded")
        Money(minorUnits: refunded, currency: currency).write(to: &json)
        json.endObject()
    }
}
