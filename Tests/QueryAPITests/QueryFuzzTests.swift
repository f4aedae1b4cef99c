import EventSourcingTesting
import HTTPTestSupport
import Testing

struct QueryFuzzTests {
    @Test func `survives whatever it is asked`() async throws {
        try await withFixture { fixture in
            let written = try await fixture.placeOrder("o-1")
            for path in [
                "/products", "/stock/a/b", "/orders/o-1", "/orders/o-1/saga", "/customers/4711/orders", "/sales",
            ] {
                _ = try await fixture.client.get(path, headers: written)
            }
            for seed in 0..<400 as Range<UInt64> {
                var random = Seeded(seed)
                let path = question(&random)
                let reply = try await fixture.client.get(path, headers: ["If-None-Match": word(&random)])
                #expect(reply.status < 500, "seed \(seed): \(path)")
                if reply.status >= 400 { #expect(reply.code != nil, "seed \(seed): \(path)") }
            }
        }
    }
}

private let words = [
    "o-1", "4711", "products", "orders", "main", "%00", "%FF", "%2F", "%C3%A4", "..", "-1", "0", "1", "201",
    "9223372036854775807", "9223372036854775808", "1997-01-01", "0001-01-01", "9999-12-31", "1997-02-30", "infinity",
    "placed", "backwards", "forwards", "AAAAAAAAAAAA", "%220%22", "%27;--", "order-o-1", "%F0%9F%9B%92",
]

private func word(_ random: inout Seeded) -> String { words.randomElement(using: &random) ?? "" }

private func question(_ random: inout Seeded) -> String {
    let word = word(&random)
    let path =
        [
            "/products", "/products/\(word)", "/stock/\(word)/\(word)", "/orders", "/orders/\(word)",
            "/orders/\(word)/saga",
            "/customers/\(word)/orders", "/sales", "/streams/\(word)/events", "/correlations/\(word)/events",
            "/\(word)",
        ].randomElement(using: &random) ?? ""
    let parameters = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        let name =
            ["limit", "cursor", "from", "to", "status", "direction", "number", "x"].randomElement(using: &random) ?? ""
        return "\(name)=\(words.randomElement(using: &random) ?? "")"
    }
    return parameters.isEmpty ? path : "\(path)?\(parameters.joined(separator: "&"))"
}
