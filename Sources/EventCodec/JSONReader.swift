/// Reads one JSON document (RFC 8259) from bytes, one token at a time, in a single pass.
///
/// The caller says what it expects: ``string()``, ``integer()``, ``startObject()``. Stricter than RFC 8259 asks for:
/// text must be valid UTF-8 without lone surrogates, and nesting is limited. Errors name the field; its path is found
/// by looking at the bytes again when there is an error, so that it costs nothing when there is none.
///
/// A reader points into its bytes and must not outlive them; ``JSONReadable/init(jsonBytes:)-(ArraySlice<UInt8>)``
/// sees to that.
public struct JSONReader {
    /// How deep objects and arrays may be nested, unless a reader is told otherwise.
    public static let depthLimit = 64

    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    var cursor: UnsafePointer<UInt8>
    let depthMax: Int
    var depth = 0
    /// Whether a container was opened and nothing of it has been read.
    var isFresh = false

    /// A reader at the start of `bytes`, which must stay in place while it is used.
    public init(_ bytes: UnsafeBufferPointer<UInt8>, depthMax: Int = JSONReader.depthLimit) {
        self.depthMax = depthMax
        let empty: StaticString = ""
        start = bytes.baseAddress ?? empty.utf8Start
        end = start + bytes.count
        cursor = start
    }

    /// Ends the document.
    ///
    /// - Throws: ``JSONError`` when anything but white space is left.
    public mutating func finish() throws(JSONError) {
        skipWhitespace()
        guard cursor == end else { throw malformed() }
    }

    /// The kind of the value that comes next, by its first byte; `nil` when no value starts there.
    ///
    /// An integer is a ``JSONKind/number`` here, for its first byte does not tell.
    public mutating func peekKind() -> JSONKind? {
        switch nextByte() {
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        default: nil
        }
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while cursor < end, isWhitespace(cursor.pointee) { cursor += 1 }
    }

    /// The next byte that is not white space, unread; 0 at the end, where no token may be.
    @inline(__always)
    mutating func nextByte() -> UInt8 {
        skipWhitespace()
        return cursor < end ? cursor.pointee : 0
    }
}

@inline(__always)
private func isWhitespace(_ byte: UInt8) -> Bool {
    byte <= 0x20 && (byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09)
}
