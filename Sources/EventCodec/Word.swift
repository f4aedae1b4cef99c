/// Eight bytes looked at in one go.
///
/// The tests are those of S. E. Anderson, "Bit Twiddling Hacks": a false alarm can only stand above a true one, so
/// the lowest marked byte is always right.
struct Word {
    static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    let bits: UInt64

    @inline(__always)
    init(at place: UnsafePointer<UInt8>) {
        bits = UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// Marks quotes, backslashes and control characters, and the bytes that `nonASCII` selects.
    @inline(__always)
    func special(nonASCII: UInt64) -> UInt64 {
        let quote = zeros(bits ^ (Self.ones &* 0x22))
        let backslash = zeros(bits ^ (Self.ones &* 0x5C))
        let control = (bits &- (Self.ones &* 0x20)) & ~bits
        return ((quote | backslash | control) & Self.highBits) | (bits & nonASCII)
    }

    @inline(__always)
    private func zeros(_ bits: UInt64) -> UInt64 { (bits &- Self.ones) & ~bits }
}
