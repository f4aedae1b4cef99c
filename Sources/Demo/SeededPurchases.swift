internal import Commerce

/// Purchases out of thin air; the same seed gives the same ones.
public enum SeededPurchases {
    public static func make(_ count: Int, seed: UInt64) -> [Purchase] {
        var random = SplitMix(state: seed)
        return (0..<count).map { _ in
            let quantity = min(Int.random(in: 1...4, using: &random), Int.random(in: 1...4, using: &random))
            return Purchase(
                customer: String(Int.random(in: 1...max(1, count / 3), using: &random)),
                date: CalendarDate(rawValue: "2026-01-\(Int.random(in: 10...28, using: &random))"), quantity: quantity,
                amountCents: quantity * Int.random(in: 500...3_000, using: &random))
        }
    }
}

/// A small seeded generator (S. Vigna, SplitMix64).
struct SplitMix: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
