internal import Glibc

/// Text that is the same when its bytes are: as a log keeps it.
///
/// Swift takes two strings for the same that Unicode calls canonically equivalent, such as `é` as one scalar and as `e`
/// with an accent. To PostgreSQL they are two. What names something in a log is compared as the log does it.
package struct ExactText: Sendable, Hashable, Comparable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: ExactText, right: ExactText) -> Bool { left.text.isExactly(right.text) }

    package static func < (left: ExactText, right: ExactText) -> Bool { left.text.isExactlyBefore(right.text) }

    package func hash(into hasher: inout Hasher) { text.hashExactly(into: &hasher) }
}

/// For the types that are such text with a meaning of their own.
extension String {
    package func isExactly(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isEqual = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                guard let left = left.baseAddress, let other = right.baseAddress else { return true }
                return memcmp(left, other, right.count) == 0
            }
        }
        return (isEqual ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    func isExactlyBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

    /// Whether `isWanted` holds for a byte of its UTF-8. Looks at all of them, without a branch: many in one
    /// instruction.
    @inline(__always)
    func hasByte(_ isWanted: (UInt8) -> Bool) -> Bool {
        var text = self
        return text.withUTF8 { bytes in bytes.reduce(0 as UInt8) { $0 | (isWanted($1) ? 1 : 0) } } != 0
    }

    @inline(__always)
    func hashExactly(into hasher: inout Hasher) {
        var text = self
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // Ends the text, so that what follows it in a hash does not continue it.
        hasher.combine(UInt8.max)
    }
}
