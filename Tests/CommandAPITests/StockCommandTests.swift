import EventCodec
import EventSourcing
import HTTPTestSupport
import Inventory
import Testing

struct StockCommandTests {
    @Test func `receives and adjusts`() async throws {
        try await withShop { shop in
            let received = try await shop.post("/stock/main/CD-1177/receive", ["quantity": 100])
            #expect(received.status == 200)
            #expect(received.json == ["stream": "stock-CD-1177@main", "revision": 0, "position": 1])
            let adjusted = try await shop.post("/stock/main/CD-1177/adjust", ["delta": -2, "reason": "Broken"])
            #expect(adjusted.status == 200)
            let stock = try await shop.commands.state(of: "CD-1177@main", as: Stock.self).state
            #expect(stock.onHand == 98)
        }
    }

    @Test func `refuses as the inventory does`() async throws {
        try await withShop { shop in
            let below = try await shop.post("/stock/main/CD-1177/adjust", ["delta": -1, "reason": "Lost"])
            #expect(below.status == 409)
            #expect(below.code == "belowReserved")
            let nothing = try await shop.post("/stock/main/CD-1177/adjust", ["delta": 0, "reason": "None"])
            #expect(nothing.status == 422)
            #expect(nothing.code == "invalidQuantity")
            let blank = try await shop.post("/stock/main/CD-1177/adjust", ["delta": 1, "reason": " "])
            #expect(blank.code == "invalidReason")
        }
    }
}
