extension JSONReader {
    /// Reads a string.
    public mutating func string() throws(JSONError) -> String {
        guard nextByte() == UInt8(ascii: "\"") else { throw mismatch(.string) }
        if let bytes = scanPlainString() { return String(decoding: bytes, as: UTF8.self) }
        return try unescapedString()
    }

    @inline(never)
    private mutating func unescapedString() throws(JSONError) -> String {
        let token = try scanString()
        switch JSONText.unescaped(token.bytes) {
        case .success(let text): return text
        case .failure(let complaint): throw malformed(at: token.start + complaint.offset)
        }
    }

    mutating func skipString() throws(JSONError) {
        guard scanPlainString() == nil else { return }
        let token = try scanString()
        if !token.isPlain, case .failure(let complaint) = JSONText.unescaped(token.bytes) {
            throw malformed(at: token.start + complaint.offset)
        }
    }

    /// A string's bytes between its quotes.
    struct StringToken {
        let start: UnsafePointer<UInt8>
        let count: Int
        let isASCII: Bool
        let hasEscapes: Bool

        var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
        /// Nothing to decode and nothing to validate.
        var isPlain: Bool { isASCII && !hasEscapes }
    }

    /// Goes from the opening quote past the closing one of a string that is ASCII and has no escapes: most of them.
    ///
    /// - Returns: `nil`, and goes nowhere, when the string is another one or ends in the document's last bytes.
    @inline(__always)
    mutating func scanPlainString() -> UnsafeBufferPointer<UInt8>? {
        let first = cursor + 1
        var place = first
        while end - place >= 8 {
            let special = Word(at: place).special(nonASCII: Word.highBits)
            if special != 0 {
                place += special.trailingZeroBitCount >> 3
                guard place.pointee == UInt8(ascii: "\"") else { return nil }
                cursor = place + 1
                return UnsafeBufferPointer(start: first, count: place - first)
            }
            place += 8
        }
        return nil
    }

    /// Goes from the opening quote past the closing one. Escapes and UTF-8 are left for the caller to check.
    mutating func scanString() throws(JSONError) -> StringToken {
        let first = cursor + 1
        var place = first
        var nonASCII = Word.highBits
        var hasEscapes = false
        while true {
            while end - place >= 8 {
                let special = Word(at: place).special(nonASCII: nonASCII)
                if special != 0 {
                    place += special.trailingZeroBitCount >> 3
                    break
                }
                place += 8
            }
            guard place < end else { throw malformed(at: place) }
            switch place.pointee {
            case UInt8(ascii: "\""):
                cursor = place + 1
                return StringToken(start: first, count: place - first, isASCII: nonASCII != 0, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                place += 2
            case 0..<0x20: throw malformed(at: place)
            case 0x80...:
                nonASCII = 0
                place += 1
            default: place += 1
            }
        }
    }
}
