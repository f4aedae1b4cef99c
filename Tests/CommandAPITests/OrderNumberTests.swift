import Commerce
import EventCodec
import EventSourcing
import HTTPTestSupport
import Orders
import Support
import Testing

struct OrderNumberTests {
    @Test func `gives an order its number`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let reply = try await shop.post("/orders", numbered("PO-2026/114"))
            #expect(reply.status == 201)
            let id = reply.json["orderId"]?.string ?? ""
            #expect(reply["location"] == "/orders/\(id)")
            #expect(reply["etag"] == "\"0\"")
            #expect(reply["strata-position"] == "2")
            #expect(try await shop.order(id).details?.orderNumber?.rawValue == "PO-2026/114")
        }
    }

    @Test func `refuses a number that another order has, and leaves nothing behind`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let first = try await shop.post("/orders", numbered("PO-1"))
            let head = try await shop.store.head()
            let second = try await shop.post("/orders", numbered("PO-1"))
            #expect(second.status == 409)
            #expect(second.code == "orderNumberTaken")
            #expect(try await shop.store.head() == head)

            // A number stays taken: people know the order by it.
            let id = first.json["orderId"]?.string ?? ""
            _ = try await shop.post("/orders/\(id)/cancel", ["reason": "Ordered twice"])
            #expect(try await shop.post("/orders", numbered("PO-1")).code == "orderNumberTaken")
            #expect(try await shop.post("/orders", numbered("po-1")).status == 201)
        }
    }

    @Test func `answers a repeat as the first time, and another request under its key not at all`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let first = try await shop.post("/orders", numbered("PO-1"), key: "order-1")
            let again = try await shop.post("/orders", numbered("PO-1"), key: "order-1")
            #expect(again.status == 201)
            #expect(again.json == first.json)
            #expect(again["etag"] == first["etag"])
            #expect(again["idempotent-replayed"] == "true")
            for other in [numbered("PO-2"), twoDiscs] {
                #expect(try await shop.post("/orders", other, key: "order-1").code == "idempotencyKeyReused")
            }

            _ = try await shop.post("/orders", twoDiscs, key: "order-2")
            #expect(try await shop.post("/orders", numbered("PO-3"), key: "order-2").code == "idempotencyKeyReused")
        }
    }

    @Test func `knows the repeat of an order whose product has gone off sale since`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let first = try await shop.post("/orders", numbered("PO-1"), key: "order-1")
            _ = try await shop.post("/products/CD-1177/withdraw", [:])
            try await eventually { try await shop.post("/orders", twoDiscs).status == 422 }
            let again = try await shop.post("/orders", numbered("PO-1"), key: "order-1")
            #expect(again.status == 201)
            #expect(again.json == first.json)
        }
    }

    @Test func `of 16 orders at once with one number takes one`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let head = try await shop.store.head()
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<16 { group.addTask { try await shop.post("/orders", numbered("PO-1")) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.count { $0.status == 201 } == 1)
            #expect(replies.count { $0.status == 409 && $0.code == "orderNumberTaken" } == 15)
            #expect(try await shop.store.head() == head.advanced(by: 1))
        }
    }

    @Test(arguments: ["", "PO 1", "PO-1\n", "Ü", String(repeating: "1", count: 41)])
    func `does not take just any text`(number: String) async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let reply = try await shop.post("/orders", numbered(number))
            #expect(reply.status == 422)
            #expect(reply.places == ["/orderNumber"])
        }
    }

    @Test func `refuses the order's own flaws, and what the client requires`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            var nothing = numbered("PO-1").object ?? [:]
            nothing["lines"] = []
            #expect(try await shop.post("/orders", .object(nothing)).code == "noLines")
            let unmet = try await shop.post("/orders", numbered("PO-1"), headers: ["If-Match": "\"0\""])
            #expect(unmet.status == 412)
            let met = try await shop.post("/orders", numbered("PO-1"), headers: ["If-None-Match": "*"])
            #expect(met.status == 201)
        }
    }
}

private func numbered(_ number: String) -> JSONValue {
    var order = twoDiscs.object ?? [:]
    order["orderNumber"] = .string(number)
    return .object(order)
}
