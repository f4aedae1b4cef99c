/// The text of a string that has escapes or more than ASCII.
enum JSONText {
    /// Where in a string its text goes wrong.
    struct Complaint: Error {
        let offset: Int
    }

    /// Unescapes the bytes between a string's quotes, and holds them to be UTF-8 (RFC 3629).
    static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<String, Complaint> {
        guard let escape = bytes.firstIndex(of: UInt8(ascii: "\\")) else { return validated(bytes) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        text.append(contentsOf: bytes[..<escape])
        var offset = escape
        while offset < bytes.count {
            if bytes[offset] != UInt8(ascii: "\\") {
                text.append(bytes[offset])
                offset += 1
            } else if let (scalar, length) = unescape(bytes[offset...]) {
                text.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
                offset += length
            } else {
                return .failure(Complaint(offset: offset))
            }
        }
        return text.withUnsafeBufferPointer(validated)
    }

    private static func validated(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<String, Complaint> {
        String(validating: bytes, as: UTF8.self).map(Result.success) ?? .failure(Complaint(offset: 0))
    }

    /// The escape at the start of `bytes`, and how long it is.
    private static func unescape(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (Unicode.Scalar, Int)? {
        switch bytes.dropFirst().first {
        case UInt8(ascii: "\""): ("\"", 2)
        case UInt8(ascii: "\\"): ("\\", 2)
        case UInt8(ascii: "/"): ("/", 2)
        case UInt8(ascii: "b"): ("\u{8}", 2)
        case UInt8(ascii: "f"): ("\u{C}", 2)
        case UInt8(ascii: "n"): ("\n", 2)
        case UInt8(ascii: "r"): ("\r", 2)
        case UInt8(ascii: "t"): ("\t", 2)
        case UInt8(ascii: "u"): unescapeUnicode(bytes)
        default: nil
        }
    }

    /// `\uXXXX`, or two of them that are a surrogate pair.
    private static func unescapeUnicode(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (Unicode.Scalar, Int)? {
        guard let unit = codeUnit(bytes) else { return nil }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        guard UTF16.isLeadSurrogate(unit), let trail = codeUnit(bytes.dropFirst(6)), UTF16.isTrailSurrogate(trail),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00))
        else { return nil }
        return (scalar, 12)
    }

    private static func codeUnit(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt16? {
        guard bytes.count >= 6, bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return nil }
        var unit: UInt16 = 0
        for byte in bytes.dropFirst(2).prefix(4) {
            guard let digit = hexadecimalDigit(byte) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
