extension String {
    /// The same JSON without the character U+0000, written `\u0000`, which PostgreSQL's `jsonb` cannot hold. A read
    /// model is made from events, which may hold it, and must not stop for ever at one of them: the replacement
    /// character stands in its place.
    init(storableJSON json: some Collection<UInt8>) {
        var bytes = Array(json)
        let escape = Array("0000".utf8)
        let replacement = Array("fffd".utf8)
        var index = 0
        while let backslash = bytes[index...].firstIndex(of: UInt8(ascii: "\\")), backslash + 1 < bytes.count {
            let digits = backslash + 2
            if bytes[backslash + 1] == UInt8(ascii: "u"), bytes[digits...].starts(with: escape) {
                bytes.replaceSubrange(digits..<digits + 4, with: replacement)
            }
            // Whatever is escaped is passed over: after `\\` no escape begins.
            index = digits
        }
        self = String(decoding: bytes, as: UTF8.self)
    }
}
