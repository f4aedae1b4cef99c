/// A stream as it stands in a list.
public struct StreamSummary: Sendable, Hashable {
    public let stream: StreamName
    /// The revision of its last event.
    public let revision: Revision

    public init(stream: StreamName, revision: Revision) {
        self.stream = stream
        self.revision = revision
    }
}
