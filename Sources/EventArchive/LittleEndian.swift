/// Numbers as the format writes them.
extension [UInt8] {
    mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    /// The number at `offset`, which the caller has checked.
    @inline(__always)
    func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as _: Number.Type = Number.self) -> Number
    {
        withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
    }
}

/// Reads one thing after the other, and never past the end.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var offset: Int

    init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var remaining: Int { bytes.count - offset }

    /// - Returns: `nil` when too few bytes are left; and so for the others.
    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type = Number.self) -> Number? {
        guard let start = skip(MemoryLayout<Number>.size) else { return nil }
        return bytes.number(at: start)
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard let start = skip(count) else { return nil }
        return bytes[start..<start + count]
    }

    /// - Returns: Where what is skipped begins.
    mutating func skip(_ count: Int) -> Int? {
        guard count >= 0, count <= remaining else { return nil }
        defer { offset += count }
        return offset
    }
}
