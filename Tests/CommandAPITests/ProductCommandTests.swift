import Catalog
import Commerce
import EventCodec
import EventSourcing
import HTTPTestSupport
import Testing

struct ProductCommandTests {
    @Test func `creates a product and says where it stands`() async throws {
        try await withShop { shop in
            let reply = try await shop.createProduct()
            #expect(reply.status == 201)
            #expect(reply["location"] == "/products/CD-1177")
            #expect(reply["etag"] == "\"0\"")
            #expect(reply["strata-position"] == "1")
            #expect(reply.json == ["stream": "product-CD-1177", "revision": 0, "position": 1])
        }
    }

    @Test func `records who did it, why, and on whose behalf`() async throws {
        try await withShop { shop in
            let correlation = CorrelationID.make()
            let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            try await shop.createProduct()
            let reply = try await shop.post(
                "/products/CD-1177/price", ["price": ["minorUnits": 999, "currency": "USD"]],
                headers: [
                    "Strata-Actor": "ada", "Strata-Reason": "Käse \"sale\"", "traceparent": parent,
                    "Strata-Correlation": correlation.description,
                ])
            #expect(reply["strata-correlation"] == correlation.description)
            let event = try await shop.store.readAll(Product.category.stream("CD-1177")).last
            #expect(event?.metadata.actor == "ada")
            #expect(event?.metadata.reason == "Käse \"sale\"")
            #expect(event?.metadata.traceContext == parent)
            #expect(event?.correlationID == correlation)
        }
    }

    @Test func `reprices and withdraws`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let price: JSONValue = ["price": ["minorUnits": 999, "currency": "USD"]]
            let first = try await shop.post("/products/CD-1177/price", price)
            #expect(first.json["revision"] == 1)
            let again = try await shop.post("/products/CD-1177/price", price)
            #expect(again.status == 200)
            #expect(again.json == ["stream": "product-CD-1177", "revision": 1])
            let withdrawn = try await shop.client.send(
                "POST", "/products/CD-1177/withdraw", headers: ["Idempotency-Key": "k"])
            #expect(withdrawn.status == 200)
            let late = try await shop.post("/products/CD-1177/price", price)
            #expect(late.status == 409)
            #expect(late.code == "withdrawn")
        }
    }

    @Test func `refuses as the catalogue does`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let other = try await shop.createProduct(minorUnits: 1)
            #expect(other.status == 409)
            #expect(other.code == "alreadyExists")
            #expect(other.json["detail"] == "Another product has this SKU. Nothing was changed.")
            let negative = try await shop.createProduct("CD-2", minorUnits: -1)
            #expect(negative.status == 422)
            #expect(negative.code == "negativePrice")
            let unknown = try await shop.post("/products/CD-3/withdraw", [:])
            #expect(unknown.status == 404)
            #expect(unknown.code == "unknown")
            let malformed = try await shop.post("/products/CD%203/withdraw", [:])
            #expect(malformed.status == 404)
        }
    }
}
