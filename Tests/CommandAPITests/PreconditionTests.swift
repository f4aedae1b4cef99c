import EventCodec
import EventSourcing
import HTTPTestSupport
import Testing

struct PreconditionTests {
    private func receive(_ shop: Shop, _ headers: [String: String]) async throws -> Reply {
        try await shop.post("/stock/main/A/receive", ["quantity": 1], headers: headers)
    }

    @Test func `writes at the revision that the client has seen, and at no other`() async throws {
        try await withShop { shop in
            #expect(try await receive(shop, ["If-Match": "*"]).status == 412)
            let first = try await receive(shop, ["If-None-Match": "*"])
            #expect(first.status == 200)
            #expect(try await receive(shop, ["If-None-Match": "*"]).status == 412)
            #expect(try await receive(shop, ["If-Match": first["etag"] ?? ""]).status == 200)
            let stale = try await receive(shop, ["If-Match": first["etag"] ?? ""])
            #expect(stale.status == 412)
            #expect(stale.code == "preconditionFailed")
            #expect(try await receive(shop, ["If-Match": "*"]).status == 200)
            #expect(try await receive(shop, ["If-Match": "\"foreign\""]).status == 412)
            #expect(try await receive(shop, ["If-Match": "2"]).status == 400)
            #expect(try await shop.store.head() == Position(rawValue: 3))
        }
    }

    @Test func `answers the repeat of a request whose revision has passed`() async throws {
        try await withShop { shop in
            _ = try await receive(shop, [:])
            let body: JSONValue = ["quantity": 1]
            let headers = ["If-Match": "\"0\""]
            let first = try await shop.post("/stock/main/A/receive", body, key: "k", headers: headers)
            let again = try await shop.post("/stock/main/A/receive", body, key: "k", headers: headers)
            #expect(again.status == 200)
            #expect(again.json == first.json)
        }
    }
}
