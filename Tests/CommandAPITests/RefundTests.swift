import Commerce
import EventCodec
import EventSourcing
import HTTPTestSupport
import Payments
import Testing

struct RefundTests {
    @Test func `gives back part of a payment, once for each key`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let id = try await shop.placeOrder()
            try await shop.confirm(id)
            let refund: JSONValue = ["amount": ["minorUnits": 500, "currency": "USD"], "reason": "Scratched"]
            let first = try await shop.post("/payments/\(id)/refunds", refund, key: "r1")
            #expect(first.status == 200)
            #expect(first.json["stream"] == .string("payment-\(id)"))
            let again = try await shop.post("/payments/\(id)/refunds", refund, key: "r1")
            #expect(again.json == first.json)
            #expect(again["idempotent-replayed"] == "true")
            #expect(try await shop.post("/payments/\(id)/refunds", refund, key: "r2").status == 200)
            let payment = try await shop.commands.state(of: id, as: Payment.self).state
            #expect(payment.refunded?.minorUnits == 1000)
        }
    }

    @Test func `is carried out at the payment's revision, and at no other`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let id = try await shop.placeOrder()
            try await shop.confirm(id)
            let refund: JSONValue = ["amount": ["minorUnits": 500, "currency": "USD"], "reason": "Scratched"]
            func post(_ key: String, _ tag: String) async throws -> Reply {
                try await shop.post("/payments/\(id)/refunds", refund, key: key, headers: ["If-Match": tag])
            }
            let first = try await post("r1", "\"1\"")
            #expect(first.status == 200)
            #expect(first.json["revision"] == 3)
            #expect(try await post("r2", "\"1\"").status == 412)
            let again = try await post("r1", "\"1\"")
            #expect(again.status == 200)
            #expect(again.json == first.json)
            #expect(try await post("r2", first["etag"] ?? "").status == 200)
        }
    }

    /// An order's tag says nothing of the revision of its payment.
    @Test func `does not take an order's tag for the payment's`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let id = try await shop.placeOrder()
            try await shop.confirm(id)
            let reply = try await shop.post(
                "/payments/\(id)/refunds",
                ["amount": ["minorUnits": 500, "currency": "USD"], "reason": "Scratched"],
                headers: ["If-Match": "\"1-5e0c11aa\""])
            #expect(reply.status == 412)
            #expect(reply.code == "preconditionFailed")
            #expect(try await shop.commands.state(of: id, as: Payment.self).state.refunded?.minorUnits == 0)
        }
    }

    @Test func `refuses as payments do`() async throws {
        try await withShop { shop in
            try await shop.createProduct()
            let id = try await shop.placeOrder()
            func refund(_ order: String, _ minorUnits: Int, _ currency: String = "USD") async throws -> Reply {
                try await shop.post(
                    "/payments/\(order)/refunds",
                    [
                        "amount": ["minorUnits": .integer(minorUnits), "currency": .string(currency)],
                        "reason": "Scratched",
                    ])
            }
            #expect(try await refund("4711", 1).code == "notPlaced")
            let early = try await refund(id, 1)
            #expect(early.status == 409)
            #expect(early.code == "notCaptured")
            try await shop.confirm(id)
            #expect(try await refund(id, 2355).code == "exceedsCaptured")
            #expect(try await refund(id, 0).code == "amountNotPositive")
            #expect(try await refund(id, 1, "EUR").code == "otherCurrency")
        }
    }
}
