import Catalog
import Commerce
import EventCodec
import HTTPTestSupport
import Inventory
import Testing

struct CatalogueQueryTests {
    @Test func `shows what was just written`() async throws {
        try await withFixture { fixture in
            let written = try await fixture.createProduct("CD-1177")
            let product = try await fixture.client.get("/products/CD-1177", headers: written)
            #expect(product.status == 200)
            #expect(product["etag"] == "\"0\"")
            #expect(
                product.json.object?.sorted == [
                    "name": "Kind of Blue", "price": ["currency": "USD", "minorUnits": 1177], "revision": 0,
                    "sku": "CD-1177", "status": "active", "taxClass": "standard",
                ])
            let repriced = try await fixture.execute(.reprice(usd(999)), on: "CD-1177", as: Product.self)
            let later = try await fixture.client.get("/products/CD-1177", headers: repriced)
            #expect(later.json["price"]?["minorUnits"] == 999)
            #expect(later["etag"] == "\"1\"")
        }
    }

    @Test func `says that a client has the document already`() async throws {
        try await withFixture { fixture in
            let written = try await fixture.createProduct("CD-1177")
            let headers = written.merging(["If-None-Match": "\"0\""]) { $1 }
            let known = try await fixture.client.get("/products/CD-1177", headers: headers)
            #expect(known.status == 304)
            #expect(known.bytes.isEmpty)
            #expect(known["etag"] == "\"0\"")
            let other = try await fixture.client.get("/products/CD-1177", headers: ["If-None-Match": "\"1\""])
            #expect(other.status == 200)
        }
    }

    @Test func `pages through the products`() async throws {
        try await withFixture { fixture in
            for index in 10..<17 { try await fixture.createProduct("CD-\(index)") }
            let written = try await fixture.createProduct("CD-17")
            _ = try await fixture.client.get("/products/CD-17", headers: written)
            var skus: [String] = []
            var path = "/products?limit=3"
            for _ in 0..<3 {
                let page = try await fixture.client.get(path)
                skus += (page.json["products"]?.array ?? []).compactMap { $0["sku"]?.string }
                guard let next = page.json["next"]?.string else { break }
                path = "/products?limit=3&cursor=\(next)"
            }
            #expect(skus == (10...17).map { "CD-\($0)" })
        }
    }

    @Test func `shows stock`() async throws {
        try await withFixture { fixture in
            let item = StockItem(sku: SKU(rawValue: "CD-1177"), location: .main)
            _ = try await fixture.execute(.receive(item, quantity: 5), on: item.id, as: Stock.self)
            let written = try await fixture.execute(
                .reserve(OrderID(rawValue: "1"), quantity: 2), on: item.id, as: Stock.self)
            let level = try await fixture.client.get("/stock/main/CD-1177", headers: written)
            #expect(level["etag"] == "\"1\"")
            #expect(level.json["onHand"] == 5)
            #expect(level.json["available"] == 3)
            #expect(level.json["reserved"] == 2)
        }
    }

    @Test func `knows what is not there, and what cannot be`() async throws {
        try await withFixture { fixture in
            _ = try await fixture.client.get("/products/A", headers: try await fixture.createProduct("CD-1177"))
            for path in ["/products/A", "/products/a%20b", "/products/%00", "/stock/main/A", "/stock/%2F/A"] {
                let reply = try await fixture.client.get(path)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.code == "notFound")
            }
            for query in ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=AAAAAAAAAAAA", "page=2"] {
                let reply = try await fixture.client.get("/products?\(query)")
                #expect(reply.status == 400, "\(query)")
            }
        }
    }
}

extension JSONObject {
    /// With its fields in alphabetical order.
    var sorted: JSONObject { JSONObject(members.sorted { $0.key < $1.key }) }
}
