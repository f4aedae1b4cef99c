extension JSONReader {
    /// Opens an object; ``nextKey()`` then goes through its fields.
    public mutating func startObject() throws(JSONError) -> JSONObjectMark {
        guard nextByte() == UInt8(ascii: "{") else { throw mismatch(.object) }
        let mark = JSONObjectMark(offset: cursor - start)
        try open()
        return mark
    }

    /// Opens an array; ``nextElement()`` then goes through its elements.
    public mutating func startArray() throws(JSONError) {
        guard nextByte() == UInt8(ascii: "[") else { throw mismatch(.array) }
        try open()
    }

    /// Goes to the next field of the object that was opened last. Its value must be read or skipped next.
    ///
    /// - Returns: `nil` when there are no more; the object is then closed.
    public mutating func nextKey() throws(JSONError) -> JSONKey? {
        guard try advance(closing: UInt8(ascii: "}")) else { return nil }
        guard nextByte() == UInt8(ascii: "\"") else { throw malformed() }
        let key = try scanKey()
        guard nextByte() == UInt8(ascii: ":") else { throw malformed() }
        cursor += 1
        return key
    }

    @inline(__always)
    private mutating func scanKey() throws(JSONError) -> JSONKey {
        if let bytes = scanPlainString() { return JSONKey(bytes, hasEscapes: false) }
        return try scanUncommonKey()
    }

    @inline(never)
    private mutating func scanUncommonKey() throws(JSONError) -> JSONKey {
        let token = try scanString()
        if !token.isPlain, case .failure(let complaint) = JSONText.unescaped(token.bytes) {
            throw malformed(at: token.start + complaint.offset)
        }
        return JSONKey(token.bytes, hasEscapes: token.hasEscapes)
    }

    /// Goes to the next element of the array that was opened last. It must be read or skipped next.
    ///
    /// - Returns: `false` when there are no more; the array is then closed.
    public mutating func nextElement() throws(JSONError) -> Bool { try advance(closing: UInt8(ascii: "]")) }

    /// Skips whatever value comes next. It must be well formed; repeated fields inside it go unnoticed.
    public mutating func skipValue() throws(JSONError) {
        switch peekKind() {
        case .object:
            _ = try startObject()
            while try nextKey() != nil { try skipValue() }
        case .array:
            try startArray()
            while try nextElement() { try skipValue() }
        case .string: try skipString()
        case .number, .integer: _ = try scanNumber()
        case .boolean: _ = try boolean()
        case .null: try null()
        case nil: throw malformed()
        }
    }

    /// Skips whatever value comes next, as ``skipValue()`` does.
    ///
    /// - Returns: Its bytes as they stand in the document, which must not be kept beyond the reader's.
    public mutating func rawValue() throws(JSONError) -> UnsafeBufferPointer<UInt8> {
        skipWhitespace()
        let first = cursor
        try skipValue()
        return UnsafeBufferPointer(start: first, count: cursor - first)
    }

    private mutating func open() throws(JSONError) {
        guard depth < depthMax else { throw failure(.tooDeep) }
        depth += 1
        cursor += 1
        isFresh = true
    }

    /// Goes past the comma to the next member, or past the closing bracket.
    @inline(__always)
    private mutating func advance(closing bracket: UInt8) throws(JSONError) -> Bool {
        let byte = nextByte()
        if byte == bracket {
            cursor += 1
            depth -= 1
            isFresh = false
            return false
        }
        if isFresh {
            isFresh = false
        } else {
            guard byte == UInt8(ascii: ",") else { throw malformed() }
            cursor += 1
        }
        return true
    }
}
