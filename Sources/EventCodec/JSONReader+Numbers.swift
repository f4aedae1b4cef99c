extension JSONReader {
    /// A number's bytes.
    struct NumberToken {
        let bytes: UnsafeBufferPointer<UInt8>
        /// Whether it has neither fraction nor exponent.
        let isInteger: Bool

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Goes past a number, which must be just what RFC 8259, section 6, allows.
    mutating func scanNumber() throws(JSONError) -> NumberToken {
        if nextByte() != UInt8(ascii: "-"), !hasDigit { throw mismatch(.number) }
        let first = cursor
        skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try skipDigits() }
        var isInteger = true
        if skip(UInt8(ascii: ".")) {
            isInteger = false
            try skipDigits()
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            isInteger = false
            if !skip(UInt8(ascii: "-")) { skip(UInt8(ascii: "+")) }
            try skipDigits()
        }
        return NumberToken(bytes: UnsafeBufferPointer(start: first, count: cursor - first), isInteger: isInteger)
    }

    @discardableResult
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard cursor < end, cursor.pointee == byte else { return false }
        cursor += 1
        return true
    }

    private mutating func skipDigits() throws(JSONError) {
        guard hasDigit else { throw malformed() }
        while hasDigit { cursor += 1 }
    }

    private var hasDigit: Bool { cursor < end && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(cursor.pointee) }
}
