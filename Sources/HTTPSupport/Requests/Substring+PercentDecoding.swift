extension Substring {
    /// The text that percent-encoding (RFC 3986) stands for; `nil` when it is malformed or not UTF-8.
    var percentDecoded: String? { decoded(plus: UInt8(ascii: "+")) }

    /// The text that a part of a form stands for, which has `+` for a blank; `nil` when it is malformed or not UTF-8.
    var formDecoded: String? { decoded(plus: UInt8(ascii: " ")) }

    private func decoded(plus: UInt8) -> String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? plus : byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

private func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
