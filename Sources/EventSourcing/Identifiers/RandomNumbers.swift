internal import Glibc
internal import NIOConcurrencyHelpers

/// Random numbers from the system for identifiers, of which many are fetched at once: a call of the system for each
/// would take longer than all the rest of an identifier.
enum RandomNumbers {
    /// As many as one call gives: 256 bytes (getentropy(3)).
    private static let batch = 32
    private static let left = NIOLockedValueBox<[UInt64]>([])

    static func next() -> UInt64 {
        left.withLockedValue { left in
            if left.isEmpty { left = fetch() }
            return left.removeLast()
        }
    }

    private static func fetch() -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: batch)
        let isFilled = numbers.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
        return isFilled ? numbers : [.random(in: .min ... .max)]
    }
}
