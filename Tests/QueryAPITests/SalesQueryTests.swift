import EventCodec
import HTTPTestSupport
import Orders
import Testing

struct SalesQueryTests {
    @Test func `adds up days and totals`() async throws {
        try await withFixture { fixture in
            var written: [String: String] = [:]
            for (id, day, units) in [("o-1", "1997-01-01", 1), ("o-2", "1997-01-01", 2), ("o-3", "1997-01-03", 4)] {
                try await fixture.placeOrder(id, on: day, units: units)
                written = try await fixture.execute(.confirm, on: id, as: Order.self)
            }
            let all = try await fixture.client.get("/sales", headers: written)
            #expect(
                all.json["days"]?.array == [
                    figures(day: "1997-01-01", orders: 2, quantity: 3),
                    figures(day: "1997-01-03", orders: 1, quantity: 4),
                ])
            #expect(all.json["totals"]?.array == [figures(day: nil, orders: 3, quantity: 7)])
            let some = try await fixture.client.get("/sales?from=1997-01-02&to=1997-12-31")
            #expect(some.json["days"]?.array?.count == 1)
            #expect(some.json["totals"]?.array == [figures(day: nil, orders: 1, quantity: 4)])
            let none = try await fixture.client.get("/sales?from=2000-01-01")
            #expect(none.json == ["days": [], "totals": []])
            #expect(try await fixture.client.get("/sales?from=1997").status == 400)
        }
    }

    private func figures(day: String?, orders: Int, quantity: Int) -> JSONValue {
        var figures: JSONObject = [:]
        figures["day"] = day.map { .string($0) }
        figures["currency"] = "USD"
        figures["orders"] = .integer(orders)
        figures["quantity"] = .integer(quantity)
        figures["gross"] = ["minorUnits": .integer(1177 * quantity), "currency": "USD"]
        figures["refunded"] = ["minorUnits": 0, "currency": "USD"]
        return .object(figures)
    }
}
