extension [UInt8] {
    /// Appends `text` with quotes, backslashes and control characters escaped (RFC 8259, section 7).
    mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes
            while let offset = indexToEscape(in: rest) {
                append(contentsOf: UnsafeBufferPointer(rebasing: rest[..<offset]))
                appendEscape(rest[offset])
                rest = UnsafeBufferPointer(rebasing: rest[(offset + 1)...])
            }
            append(contentsOf: rest)
        }
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            append(contentsOf: "u00".utf8)
            append(hexadecimalDigits[Int(byte >> 4)])
            append(hexadecimalDigits[Int(byte & 0xF)])
        }
    }

    mutating func appendDecimal(_ value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = 20
            repeat {
                let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
                first -= 1
                digits.initializeElement(at: first, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder))
                magnitude = quotient
            } while magnitude != 0
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }
}

/// The first byte that must be escaped.
@inline(__always)
private func indexToEscape(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let start = bytes.baseAddress else { return nil }
    var offset = 0
    while bytes.count - offset >= 8 {
        let special = Word(at: start + offset).special(nonASCII: 0)
        if special != 0 { return offset + special.trailingZeroBitCount >> 3 }
        offset += 8
    }
    while offset < bytes.count {
        if mustBeEscaped(start[offset]) { return offset }
        offset += 1
    }
    return nil
}

@inline(__always)
private func mustBeEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}

private let hexadecimalDigits = Array("0123456789abcdef".utf8)
