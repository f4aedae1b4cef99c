internal import Crypto

/// A SHA-256.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    static let byteCount = 32

    package let bytes: [UInt8]

    /// - Returns: `nil` when there are not 32 bytes.
    package init?(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        guard self.bytes.count == Self.byteCount else { return nil }
    }

    init(of parts: UnsafeRawBufferPointer...) {
        var hash = SHA256()
        for part in parts { hash.update(bufferPointer: part) }
        bytes = Array(hash.finalize())
    }

    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// By what postings know a key: the first eight bytes of its SHA-256.
struct Fingerprint: Hashable, Comparable, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ key: String) {
        var key = key
        self = key.withUTF8 { Fingerprint(UnsafeRawBufferPointer($0)) }
    }

    init(_ key: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: key)
        rawValue = hash.finalize().withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
