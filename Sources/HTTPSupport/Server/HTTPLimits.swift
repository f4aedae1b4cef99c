/// What one server takes.
public struct HTTPLimits: Sendable, Hashable {
    /// Connections at once; more wait to be accepted.
    public var connectionsMax: Int
    /// A connection on which nothing arrives for this long is closed, and one whose client leaves what is sent to it
    /// for so long.
    public var idleTimeout: Duration
    /// Bytes of all header fields together.
    public var headerBytesMax: Int
    /// How long requests that are under way may take once the server is asked to stop.
    public var stopTimeout: Duration

    public init(
        connectionsMax: Int = 400, idleTimeout: Duration = .seconds(60), headerBytesMax: Int = 16 * 1024,
        stopTimeout: Duration = .seconds(20)
    ) {
        self.connectionsMax = connectionsMax
        self.idleTimeout = idleTimeout
        self.headerBytesMax = headerBytesMax
        self.stopTimeout = stopTimeout
    }

    /// Bytes in one body, where an address does not say otherwise.
    public static let bodyBytesMax = 1 << 20
    /// How long a body may take to arrive.
    static let bodyTimeout = Duration.seconds(30)
}
