import EventCodec
import EventSourcing
import HTTPTestSupport
import Support
import Testing

struct IdempotencyTests {
    @Test func `carries out a repeated request once, and answers the same`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let first = try await shop.post("/orders", twoDiscs, key: "order-1")
            let head = try await shop.store.head()
            let again = try await shop.post("/orders", twoDiscs, key: "\"order-1\"")
            #expect(again.status == 201)
            #expect(again.json == first.json)
            #expect(again["location"] == first["location"])
            #expect(again["etag"] == first["etag"])
            #expect(again["idempotent-replayed"] == "true")
            #expect(first["idempotent-replayed"] == nil)
            #expect(try await shop.store.head() == head)
        }
    }

    @Test func `knows the repeat of an order whose product has gone off sale since`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let first = try await shop.post("/orders", twoDiscs, key: "order-1")
            _ = try await shop.post("/products/CD-1177/withdraw", [:])
            try await eventually { try await shop.post("/orders", twoDiscs).status == 422 }
            let again = try await shop.post("/orders", twoDiscs, key: "order-1")
            #expect(again.status == 201)
            #expect(again.json == first.json)
            var other = twoDiscs.object ?? [:]
            other["customerId"] = "4712"
            let reused = try await shop.post("/orders", .object(other), key: "order-1")
            #expect(reused.code == "idempotencyKeyReused")
        }
    }

    @Test func `does not take a key for another request`() async throws {
        try await withShop { shop in
            _ = try await shop.post("/stock/main/CD-1177/receive", ["quantity": 1], key: "k")
            let reply = try await shop.post("/stock/main/CD-1177/receive", ["quantity": 2], key: "k")
            #expect(reply.status == 422)
            #expect(reply.code == "idempotencyKeyReused")
            #expect(try await shop.store.head() == Position(rawValue: 1))
        }
    }

    @Test func `takes the same key for another address, and from somebody else`() async throws {
        try await withShop { shop in
            for (path, actor) in [("A/receive", "ada"), ("B/receive", "ada"), ("A/receive", "bob")] {
                let reply = try await shop.post(
                    "/stock/main/\(path)", ["quantity": 1], key: "k", headers: ["Strata-Actor": actor])
                #expect(reply["idempotent-replayed"] == nil)
            }
            // Another spelling of an address is the same one.
            let again = try await shop.post(
                "/stock//main/%41/receive/", ["quantity": 1], key: "k", headers: ["Strata-Actor": "ada"])
            #expect(again["idempotent-replayed"] == "true")
        }
    }

    @Test func `asks for a key`() async throws {
        try await withShop { shop in
            let reply = try await shop.client.post("/stock/main/A/receive", ["quantity": 1])
            #expect(reply.status == 400)
            #expect(reply.code == "idempotencyKeyMissing")
            #expect(reply.places == ["Idempotency-Key"])
            #expect(try await shop.store.head() == .start)
        }
    }

    @Test func `carries out many repeats at once a single time`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<32 { group.addTask { try await shop.post("/orders", twoDiscs, key: "order-1") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for reply in replies where reply.status != 201 {
                #expect(reply.status == 409)
                #expect(reply.code == "requestInProgress")
            }
            let answered = replies.filter { $0.status == 201 }
            #expect(!answered.isEmpty)
            #expect(Set(answered.map(\.json)).count == 1)
            #expect(try await shop.store.head() == Position(rawValue: 2))
        }
    }

    @Test func `decides anew what was refused`() async throws {
        try await withShop { shop in
            #expect(try await shop.post("/orders", twoDiscs, key: "order-1").status == 422)
            try await shop.createProduct()
            #expect(try await shop.post("/orders", twoDiscs, key: "order-1").status == 201)
        }
    }
}
