import EventCodec
import EventSourcing
import EventSourcingTesting
import HTTPTestSupport
import Testing

struct BodyTests {
    @Test(
        arguments: [
            ("/products", "{}", ["/sku", "/name", "/price", "/taxClass"]),
            (
                "/products", #"{"sku":1,"name":2,"price":3,"taxClass":4,"x":5}"#,
                ["/sku", "/name", "/price", "/taxClass", "/x"]
            ),
            (
                "/products",
                #"{"sku":"a b","name":"n","price":{"minorUnits":1.5,"currency":"usd","tax":1},"taxClass":"luxury"}"#,
                ["/sku", "/price/minorUnits", "/price/currency", "/price/tax", "/taxClass"]
            ),
            ("/products/A/price", #"{"price":{"minorUnits":1000000000001,"currency":"USD"}}"#, ["/price/minorUnits"]),
            ("/products/A/withdraw", #"{"reason":7}"#, ["/reason"]),
            ("/stock/main/A/receive", #"{"quantity":0}"#, ["/quantity"]),
            ("/stock/main/A/receive", #"{"quantity":1000001}"#, ["/quantity"]),
            ("/stock/main/A/receive", #"{"quantity":"1"}"#, ["/quantity"]),
            ("/stock/main/A/receive", #"{"quantity":99999999999999999999}"#, ["/quantity"]),
            ("/stock/main/A/adjust", #"{"delta":1e3,"reason":null}"#, ["/delta", "/reason"]),
            (
                "/orders",
                #"{"customerId":"","lines":[{"sku":"A"},7,{"sku":"B","quantity":1,"price":1}],"placedOn":"1997-02-29"}"#,
                ["/customerId", "/lines/0/quantity", "/lines/1", "/lines/2/price", "/placedOn"]
            ),
            ("/orders", #"{"customerId":"1","lines":{}}"#, ["/lines"]),
            ("/orders/A/cancel", #"[]"#, [""]),
            ("/orders/A/ship", #"{"carrier":"Post"}"#, ["/tracking"]),
            ("/payments/A/refunds", #"{"amount":{"currency":"USD"},"reason":"r"}"#, ["/amount/minorUnits"]),
        ] as [(String, String, [String])])
    func `names every field that is wrong`(path: String, body: String, places: [String]) async throws {
        try await withShop { shop in
            let reply = try await shop.client.post(path, Array(body.utf8), headers: ["Idempotency-Key": "k"])
            #expect(reply.status == 422)
            #expect(reply.code == "invalidBody")
            #expect(reply.places == places)
            #expect(try await shop.store.head() == .start)
        }
    }

    @Test func `takes no more than a hundred lines`() async throws {
        try await withShop { shop in
            let lines = (0...100).map { ["sku": .string("A\($0)"), "quantity": 1] as JSONValue }
            let reply = try await shop.post("/orders", ["customerId": "1", "lines": .array(lines)])
            #expect(reply.status == 422)
            #expect(reply.places == ["/lines"])
        }
    }

    @Test func `tells malformed, foreign and too large bodies apart`() async throws {
        try await withShop { shop in
            let key = ["Idempotency-Key": "k"]
            let malformed = try await shop.client.post("/products", Array("{".utf8), headers: key)
            #expect(malformed.status == 400)
            #expect(try await shop.client.post("/products", [0xFF], headers: key).status == 400)
            let text = key.merging(["Content-Type": "text/plain"]) { $1 }
            #expect(try await shop.client.post("/products", Array("{}".utf8), headers: text).status == 415)
            let large = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
            #expect(try await shop.client.post("/products", large, headers: key).status == 413)
            #expect(try await shop.store.head() == .start)
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `survives damaged requests, and writes nothing for what it refuses`(seed: UInt64) async throws {
        try await withShop { shop in
            try await shop.createProduct()
            var random = Seeded(seed)
            for _ in 0..<60 {
                let (path, body) = requests.randomElement(using: &random)!
                let bytes = damaged(Array(body.utf8), &random)
                let before = try await shop.store.head()
                let reply = try await shop.client.post(
                    path, bytes, headers: ["Idempotency-Key": EventID.make().description])
                #expect(reply.status < 500, "seed \(seed): \(path) \(String(decoding: bytes, as: UTF8.self))")
                if reply.status >= 400 {
                    #expect(reply.code != nil)
                    #expect(try await shop.store.head() == before)
                }
            }
        }
    }
}

private let requests = [
    ("/products", #"{"sku":"CD-2","name":"n","price":{"minorUnits":1,"currency":"USD"},"taxClass":"zero"}"#),
    ("/products/CD-1177/price", #"{"price":{"minorUnits":1,"currency":"USD"}}"#),
    ("/stock/main/CD-1177/receive", #"{"quantity":10}"#),
    ("/stock/main/CD-1177/adjust", #"{"delta":10,"reason":"found"}"#),
    (
        "/orders",
        #"{"customerId":"1","lines":[{"sku":"CD-1177","quantity":1,"location":"main"}],"cardToken":"tok_approve"}"#
    ),
    (
        "/orders",
        #"{"customerId":"1","lines":[{"sku":"CD-1177","quantity":1}],"discount":{"minorUnits":1177,"currency":"USD"},"placedOn":"1997-01-01"}"#
    ),
    ("/orders/1/cancel", #"{"reason":"none"}"#), ("/orders/1/ship", #"{"carrier":"c","tracking":"t"}"#),
    ("/payments/1/refunds", #"{"amount":{"minorUnits":1,"currency":"USD"},"reason":"r"}"#),
]

private let tokens = [
    "null", "true", "-1", "0", "1e9", "1.5", "99999999999999999999", "-9223372036854775808", "\"\"", "\"\\u0000\"",
    "[]",
    "{}", "[[[[", "}", "{", ",", ":", "\"", "\\", "\"minorUnits\":1,", "\u{1F6D2}", "\u{0}",
]

/// A few bytes changed, taken away, doubled, or replaced by something that means something.
private func damaged(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let index = bytes.indices.randomElement(using: &random)!
        let end = min(bytes.count, index + Int.random(in: 1...8, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(index..<end)
        case 2: bytes.insert(contentsOf: bytes[index..<end], at: index)
        case 3: bytes.insert(contentsOf: Array(tokens.randomElement(using: &random)!.utf8), at: index)
        default: bytes.replaceSubrange(index..<end, with: Array(tokens.randomElement(using: &random)!.utf8))
        }
    }
    return bytes
}
