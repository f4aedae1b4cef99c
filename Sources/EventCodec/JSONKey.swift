/// The name of a field, still in the document's bytes: compared there, and made a `String` only on demand.
///
/// Must not outlive the reader's bytes.
public struct JSONKey {
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    @usableFromInline let hasEscapes: Bool

    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
        self.bytes = bytes
        self.hasEscapes = hasEscapes
    }

    /// Lets a `switch` over a key list the names it knows.
    @inlinable @inline(__always)
    public static func ~= (name: StaticString, key: JSONKey) -> Bool {
        key.hasEscapes ? key.equalsUnescaped(name) : key.equals(name)
    }

    // The name is a constant of the caller, so that its length and its words become immediate operands.
    @inlinable @inline(__always)
    func equals(_ name: StaticString) -> Bool {
        let count = name.utf8CodeUnitCount
        guard bytes.count == count, let left = UnsafeRawPointer(bytes.baseAddress) else { return false }
        let right = UnsafeRawPointer(name.utf8Start)
        var offset = 0
        while offset &+ 8 <= count {
            guard
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset &+= 8
        }
        while offset < count {
            guard
                left.load(fromByteOffset: offset, as: UInt8.self) == right.load(fromByteOffset: offset, as: UInt8.self)
            else { return false }
            offset &+= 1
        }
        return true
    }

    @inline(never) @usableFromInline
    func equalsUnescaped(_ name: StaticString) -> Bool { text.utf8.elementsEqual("\(name)".utf8) }

    /// The name, unescaped.
    public var text: String {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        return (try? JSONText.unescaped(bytes).get()) ?? ""
    }
}

/// Where an object began, to name the fields that it lacks.
public struct JSONObjectMark: Sendable {
    let offset: Int
}
