/// A position, and the log in which it counts: what a client carries from a write to its reads.
public struct LogPosition: Hashable, Sendable {
    public let log: LogName
    public let position: Position

    public init(_ log: LogName, _ position: Position) {
        self.log = log
        self.position = position
    }
}

extension LogPosition: LosslessStringConvertible {
    /// `123` in the log `main`, and `orders:123` in any other.
    public var description: String { log == .main ? "\(position)" : "\(log):\(position)" }

    /// - Returns: `nil` unless `text` is a position that is 0 or more, in decimal digits, after a log's name and a
    ///   colon or by itself.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let log = parts.count == 2 ? LogName(rawValue: String(parts[0])) : .main, let digits = parts.last,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let position = Int64(digits)
        else { return nil }
        self.init(log, Position(rawValue: position))
    }
}

/// A position in each of several logs: how far a reader of all of them has come. A log that is not named is at its
/// start.
public struct LogPositions: Hashable, Sendable {
    private var positions: [LogName: Position] = [:]

    /// Before the first event of every log.
    public static let start = LogPositions()

    public init() {}

    public subscript(_ log: LogName) -> Position {
        get { positions[log] ?? .start }
        set { positions[log] = newValue == .start ? nil : newValue }
    }

    /// The positions that are past the start, in the order of the logs' names.
    public var all: [LogPosition] { positions.sorted { $0.key < $1.key }.map { LogPosition($0.key, $0.value) } }

    /// Whether this is at least as far as `other` in every log.
    public func reaches(_ other: LogPositions) -> Bool { other.positions.allSatisfy { self[$0.key] >= $0.value } }

    /// Events up to here, over all logs.
    public var eventCount: Int64 { positions.values.reduce(0) { $0 + $1.rawValue } }
}

extension LogPositions: CustomStringConvertible {
    /// `123`, or `main 123, orders 45`.
    public var description: String {
        let all = all
        guard all.count > 1 || all.first.map({ $0.log != .main }) ?? false else { return "\(self[.main])" }
        return all.map { "\($0.log) \($0.position)" }.joined(separator: ", ")
    }
}
