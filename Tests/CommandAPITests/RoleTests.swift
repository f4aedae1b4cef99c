import Commerce
import EventCodec
import HTTPSupport
import HTTPTestSupport
import Orders
import Testing

struct RoleTests {
    private static let staff = TokenEntry.make(for: Principal(actor: "staff", roles: .staff))
    private static let operatorToken = TokenEntry.make(for: Principal(actor: "operator", roles: .operatorRole))
    private static let auditor = TokenEntry.make(for: Principal(actor: "auditor", roles: .auditor))
    private static let ada = TokenEntry.make(for: Principal(actor: "ada", roles: .customer, customerID: "4711"))
    private static let bob = TokenEntry.make(for: Principal(actor: "bob", roles: .customer, customerID: "4712"))
    private static let all: Authenticator = .tokens([
        staff.entry, operatorToken.entry, auditor.entry, ada.entry, bob.entry,
    ])

    private func bearer(_ token: (token: String, entry: TokenEntry)) -> [String: String] {
        ["Authorization": "Bearer \(token.token)"]
    }

    @Test func `lets only the shop change products, stock, shipments and payments`() async throws {
        try await withShop(Self.all) { shop in
            for path in [
                "/products", "/products/A/price", "/products/A/withdraw", "/stock/main/A/receive",
                "/stock/main/A/adjust",
                "/orders/1/ship", "/payments/1/refunds",
            ] {
                let anonymous = try await shop.post(path, ["x": 1])
                #expect(anonymous.status == 401)
                #expect(try await shop.post(path, ["x": 1], headers: bearer(Self.ada)).status == 403)
                #expect(try await shop.post(path, ["x": 1], headers: bearer(Self.auditor)).status == 403)
                #expect(try await shop.post(path, ["x": 1], headers: bearer(Self.staff)).status == 422)
                #expect(try await shop.post(path, ["x": 1], headers: bearer(Self.operatorToken)).status == 422)
            }
        }
    }

    @Test func `lets customers place and cancel orders of their own`() async throws {
        try await withShop(Self.all) { shop in
            let product: JSONValue = [
                "sku": "CD-1177", "name": "Kind of Blue", "taxClass": "standard",
                "price": ["minorUnits": 1177, "currency": "USD"],
            ]
            #expect(try await shop.post("/products", product, headers: bearer(Self.staff)).status == 201)
            #expect(try await shop.post("/orders", twoDiscs, headers: bearer(Self.auditor)).status == 403)
            #expect(try await shop.post("/orders", twoDiscs, headers: bearer(Self.bob)).status == 403)
            let id = try await shop.placeOrder(headers: bearer(Self.ada))
            #expect(try await shop.order(id).details?.customerID.rawValue == "4711")

            let cancel: JSONValue = ["reason": "Ordered twice"]
            let foreign = try await shop.post("/orders/\(id)/cancel", cancel, headers: bearer(Self.bob))
            let unknown = try await shop.post("/orders/1/cancel", cancel, headers: bearer(Self.bob))
            #expect(foreign.status == 404)
            #expect(foreign.code == unknown.code)
            #expect(foreign.json["detail"] == unknown.json["detail"])
            #expect(try await shop.post("/orders/\(id)/cancel", cancel, headers: bearer(Self.ada)).status == 200)
        }
    }

    @Test func `lets only staff choose discounts and days`() async throws {
        try await withShop(Self.all) { shop in
            for (name, value) in [
                ("discount", ["minorUnits": 1, "currency": "USD"]), ("placedOn", "1997-01-01"),
            ] as [(String, JSONValue)] {
                var order = twoDiscs.object ?? [:]
                order[name] = value
                let reply = try await shop.post("/orders", .object(order), headers: bearer(Self.ada))
                #expect(reply.status == 403)
            }
        }
    }
}
