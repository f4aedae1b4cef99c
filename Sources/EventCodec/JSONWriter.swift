/// Writes one JSON document (RFC 8259) into bytes: no white space, only the escapes that must be.
///
/// Fields come out in the order in which they are written. The caller nests what it starts and ends.
public struct JSONWriter {
    /// What has been written.
    public private(set) var bytes: [UInt8]
    private var needsComma = false
    /// Where the first number stands that JSON does not have.
    private(set) var notFinite: Int?

    /// A writer of a document of its own.
    public init() { bytes = [] }

    /// A writer that goes on behind `bytes`, which it takes over: give its ``bytes`` back in the end.
    public init(continuing bytes: inout [UInt8]) {
        self.bytes = []
        swap(&self.bytes, &bytes)
    }

    public mutating func startObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func startArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Begins a field, whose value is written next.
    ///
    /// - Parameter name: Must need no escapes.
    public mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Begins a field of any name, whose value is written next.
    public mutating func key(named name: String) {
        separate()
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Begins an element of an array, whose value is written next.
    public mutating func element() { separate() }

    public mutating func null() { append("null") }

    public mutating func boolean(_ value: Bool) { append(value ? "true" : "false") }

    public mutating func integer(_ value: Int) { bytes.appendDecimal(value) }

    /// Writes a number in the fewest digits that read back as the same; JSON has no infinities, and gets `null`.
    public mutating func number(_ value: Double) {
        guard value.isFinite else {
            if notFinite == nil { notFinite = bytes.count }
            return null()
        }
        bytes.append(contentsOf: value.description.utf8)
    }

    public mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        bytes.appendEscaped(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a value that is JSON already.
    public mutating func raw(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }

    private mutating func append(_ word: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    private mutating func open(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
