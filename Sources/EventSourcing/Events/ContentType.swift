/// How the bytes of a payload are to be read.
public enum ContentType: Int16, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case json = 0
    case binary = 1

    /// - Returns: `nil` when `text` is no media type that payloads have.
    public init?(_ text: String) {
        guard let known = Self.allCases.first(where: { $0.description == text }) else { return nil }
        self = known
    }

    public var description: String {
        switch self {
        case .json: "application/json"
        case .binary: "application/octet-stream"
        }
    }
}
