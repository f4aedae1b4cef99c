/// A count that only ever grows by one: what positions and revisions have in common.
public protocol Ordinal: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible
where RawValue == Int64 {
    init(rawValue: Int64)
}

extension Ordinal {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }

    /// The ordinal `count` steps further on, and the last one beyond that: nothing that comes from outside overflows.
    public func advanced(by count: Int) -> Self {
        let (sum, overflow) = rawValue.addingReportingOverflow(Int64(count))
        return Self(rawValue: overflow ? (count < 0 ? .min : .max) : sum)
    }
}

/// Where an event stands in its log: 1 for the first, dense, and equal to commit order.
public struct Position: Ordinal {
    public let rawValue: Int64

    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Before the first event: where a reader of the whole history starts.
    public static let start = Position(rawValue: 0)
}

/// Where an event stands in its stream: 0 for the first, dense.
public struct Revision: Ordinal {
    public let rawValue: Int64

    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// The first event of a stream.
    public static let first = Revision(rawValue: 0)
}
