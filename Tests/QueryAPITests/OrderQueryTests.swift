import Commerce
import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import Orders
import Payments
import Testing

struct OrderQueryTests {
    @Test func `shows an order, and its payment under a tag of its own`() async throws {
        try await withFixture { fixture in
            let placed = try await fixture.placeOrder("o-1")
            let order = try await fixture.client.get("/orders/o-1", headers: placed)
            #expect(order.json["status"] == "placed")
            #expect(order.json["total"] == ["currency": "USD", "minorUnits": 2354])
            let tag = order["etag"] ?? ""
            #expect(tag.hasPrefix("\"0-"))
            let same = try await fixture.client.get("/orders/o-1", headers: ["If-None-Match": tag])
            #expect(same.status == 304)

            let authorised = PaymentAuthorised(
                orderID: OrderID(rawValue: "o-1"), amount: usd(2354), authorisationID: "auth_1")
            let paid = try await fixture.execute(.record(.authorised(authorised)), on: "o-1", as: Payment.self)
            let changed = try await fixture.client.get(
                "/orders/o-1", headers: paid.merging(["If-None-Match": tag]) { $1 })
            #expect(changed.status == 200)
            #expect(changed.json["payment"]?["status"] == "authorised")
            #expect(changed.json["payment"]?["revision"] == 0)
            #expect(changed["etag"]?.hasPrefix("\"0-") == true)
            #expect(changed["etag"] != tag)
        }
    }

    @Test func `shows customers their own orders alone`() async throws {
        let ada = TokenEntry.make(for: Principal(actor: "ada", roles: .customer, customerID: "4711"))
        let bob = TokenEntry.make(for: Principal(actor: "bob", roles: .customer, customerID: "4712"))
        let auditor = TokenEntry.make(for: Principal(actor: "auditor", roles: .auditor))
        try await withFixture(.tokens([ada.entry, bob.entry, auditor.entry])) { fixture in
            let written = try await fixture.placeOrder("o-1")
            func get(_ path: String, _ token: String) async throws -> Reply {
                try await fixture.client.get(
                    path, headers: written.merging(["Authorization": "Bearer \(token)"]) { $1 })
            }
            #expect(try await fixture.client.get("/orders/o-1").status == 401)
            #expect(try await get("/orders/o-1", ada.token).status == 200)
            #expect(try await get("/orders/o-1", auditor.token).status == 200)
            let foreign = try await get("/orders/o-1", bob.token)
            let unknown = try await get("/orders/o-2", bob.token)
            #expect(foreign.status == 404)
            #expect(foreign.json["detail"] == unknown.json["detail"])
            #expect(try await get("/customers/4711/orders", ada.token).status == 200)
            #expect(try await get("/customers/4711/orders", bob.token).status == 404)
            for path in [
                "/sales", "/orders/o-1/saga", "/streams/order-o-1/events", "/correlations/\(EventID.make())/events",
            ] {
                #expect(try await get(path, ada.token).status == 403, "\(path)")
            }
            #expect(try await get("/streams/order-o-1/events", auditor.token).status == 200)
        }
    }

    @Test func `finds an order by its number`() async throws {
        let ada = TokenEntry.make(for: Principal(actor: "ada", roles: .customer, customerID: "4711"))
        let bob = TokenEntry.make(for: Principal(actor: "bob", roles: .customer, customerID: "4712"))
        try await withFixture(.tokens([ada.entry, bob.entry])) { fixture in
            try await fixture.placeOrder("o-1")
            let written = try await fixture.placeOrder("o-2", number: "PO-2026/114")
            func get(_ path: String, _ token: String) async throws -> Reply {
                try await fixture.client.get(
                    path, headers: written.merging(["Authorization": "Bearer \(token)"]) { $1 })
            }
            let found = try await get("/orders?number=PO-2026/114", ada.token)
            #expect(found.status == 200)
            let order = try await get("/orders/o-2", ada.token)
            #expect(found.json == ["orders": [order.json]])
            #expect(order.json["orderNumber"] == "PO-2026/114")
            let listed = try await get("/customers/4711/orders", ada.token).json["orders"]?.array ?? []
            #expect(listed.map { $0["orderNumber"] } == ["PO-2026/114", nil])

            #expect(try await get("/orders?number=PO-2026%2F114", bob.token).json == ["orders": []])
            #expect(try await get("/orders?number=PO-1", ada.token).json == ["orders": []])
            for query in ["", "?number=%20", "?number=", "?id=o-1"] {
                #expect(try await get("/orders\(query)", ada.token).status == 400, "\(query)")
            }
        }
    }

    @Test func `pages through a customer's orders, newest first`() async throws {
        try await withFixture { fixture in
            for index in 1...9 { try await fixture.placeOrder("o-\(index)", on: "1997-01-0\((index + 1) / 2)") }
            try await fixture.placeOrder("x-1", customer: "4712")
            let written = try await fixture.execute(.cancel(reason: "None"), on: "o-3", as: Order.self)
            func ids(_ query: String) async throws -> [String] {
                var ids: [String] = []
                var cursor = ""
                while true {
                    let page = try await fixture.client.get(
                        "/customers/4711/orders?\(query)\(cursor)", headers: written)
                    #expect(page.status == 200, "\(page.text)")
                    ids += (page.json["orders"]?.array ?? []).compactMap { $0["orderId"]?.string }
                    guard let next = page.json["next"]?.string else { return ids }
                    cursor = "&cursor=\(next)"
                }
            }
            let all = ["o-9", "o-8", "o-7", "o-6", "o-5", "o-4", "o-3", "o-2", "o-1"]
            #expect(try await ids("limit=200") == all)
            #expect(try await ids("limit=1") == all)
            #expect(try await ids("limit=4") == all)
            #expect(try await ids("status=cancelled") == ["o-3"])
            #expect(try await ids("from=1997-01-02&to=1997-01-03&limit=3") == ["o-6", "o-5", "o-4", "o-3"])
            #expect(try await ids("status=shipped") == [])
            let first = try await fixture.client.get("/customers/4711/orders?limit=1")
            let order = first.json["orders"]?.array?.first
            #expect(order?["total"] == ["minorUnits": 2354, "currency": "USD"])
            #expect(order?["quantity"] == 2)
        }
    }

    @Test func `says which parameter is wrong`() async throws {
        try await withFixture(projects: false) { fixture in
            let foreign = PageCursor(list: "customers/4712/orders", parts: ["1997-01-01", "o-1"])
            // Anybody can make one up.
            let madeUp = [["yesterday", "o-1"], ["1997-01-01", "o\0"]].map {
                PageCursor(list: "customers/4711/orders", parts: $0)
            }
            for (query, place) in [
                ("status=lost", "status"), ("from=1997-02-29", "from"), ("to=yesterday", "to"), ("limit=0", "limit"),
                ("limit=201", "limit"), ("cursor=\(foreign)", "cursor"), ("cursor=*", "cursor"), ("x=1", "x"),
                ("cursor=\(madeUp[0])", "cursor"), ("cursor=\(madeUp[1])", "cursor"),
            ] {
                let reply = try await fixture.client.get("/customers/4711/orders?\(query)")
                #expect(reply.status == 400, "\(query)")
                #expect(reply.places == [place])
            }
        }
    }

    @Test func `asks to try again while there is no read model, or it is behind`() async throws {
        try await withFixture(projects: false, positionPatience: .milliseconds(100)) { fixture in
            let missing = try await fixture.client.get("/orders/o-1")
            #expect(missing.status == 503)
            #expect(missing.code == "readModelMissing")
            let malformed = try await fixture.client.get("/orders/o-1", headers: ["Strata-Position": "x"])
            #expect(malformed.status == 400)
            let behind = try await fixture.client.get("/orders/o-1", headers: ["Strata-Position": "1"])
            #expect(behind.status == 503)
            #expect(behind.code == "readModelBehind")
            #expect(behind["retry-after"] == "1")
        }
    }
}
