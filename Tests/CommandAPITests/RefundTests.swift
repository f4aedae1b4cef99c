import Commerce
import EventCodec
import EventSourcing
import HTTPTestSupport
import NIOConcurrencyHelpers
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

    @Test func `says that it is on record when the provider is silent or declines`() async throws {
        let provider = Moody()
        try await withShop(provider: provider) { shop in
            try await shop.createProduct()
            let id = try await shop.placeOrder()
            try await shop.confirm(id)
            let refund: JSONValue = ["amount": ["minorUnits": 500, "currency": "USD"], "reason": "Scratched"]
            provider.mood.withLockedValue { $0 = .silent }
            let pending = try await shop.post("/payments/\(id)/refunds", refund, key: "r1")
            #expect(pending.status == 503)
            #expect(pending.code == "refundPending")
            provider.mood.withLockedValue { $0 = .declining }
            let declined = try await shop.post("/payments/\(id)/refunds", refund, key: "r1")
            #expect(declined.status == 409)
            #expect(declined.json["detail"]?.string?.contains("on record as declined") == true)
            let payment = try await shop.commands.state(of: id, as: Payment.self).0
            #expect(payment.refundable?.minorUnits == 2354)
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

/// A provider that refunds as it is told to.
private final class Moody: PaymentProvider {
    enum Mood { case silent, declining, good }

    let mood = NIOLockedValueBox(Mood.good)
    private let base = SimulatedPaymentProvider()

    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await base.authorise(amount, cardToken: cardToken, call)
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await base.capture(amount, of: authorisationID, call)
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        try await base.void(authorisation: authorisation, call)
    }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        switch mood.withLockedValue({ $0 }) {
        case .silent: throw PaymentProviderError.timedOut
        case .declining: return .declined(ProviderDecline(code: "account_closed", reason: "the account is closed"))
        case .good: return try await base.refund(amount, of: captureID, call)
        }
    }
}
