internal import FoundationEssentials

extension UUID {
    /// A UUID of version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, 12 bits of their fraction (§6.2, method 3),
    /// then random bits.
    ///
    /// The fraction keeps ids in order that are made within one millisecond, so that indexes grow at their end.
    static func timeOrdered() -> UUID {
        let (milliseconds, micros) = UInt64(Timestamp.now.microsecondsSince1970).quotientAndRemainder(dividingBy: 1000)
        let high = milliseconds << 16 | micros * 4096 / 1000
        return UUID(high: high, low: RandomNumbers.next(), version: 7)
    }

    /// A UUID of version 8 (RFC 9562 §5.8) from the first 16 bytes of a digest.
    static func nameBased(digest: [UInt8]) -> UUID {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return UUID(high: word(digest[0..<8]), low: word(digest[8..<16]), version: 8)
    }

    private init(high: UInt64, low: UInt64, version: UInt64) {
        let high = high & ~0xf000 | version << 12
        let low = low & ~(0b11 << 62) | 0b10 << 62
        func byte(_ word: UInt64, _ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3),
                byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
