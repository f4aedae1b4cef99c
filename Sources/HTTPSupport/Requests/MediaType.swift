/// What an answer is written in.
public struct MediaType: RawRepresentable, Hashable, Sendable {
    /// In lowercase: `application/json`.
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let json = MediaType(rawValue: "application/json")
    /// One JSON document to a line.
    public static let ndjson = MediaType(rawValue: "application/x-ndjson")
    /// Server-Sent Events (WHATWG HTML, section 9.2).
    public static let eventStream = MediaType(rawValue: "text/event-stream")

    /// The part before the slash.
    var family: String { String(rawValue.prefix { $0 != "/" }) }
}
