/// The state of an aggregate at a revision, kept so that loading need not fold all of its events.
public struct Snapshot: Sendable, Hashable {
    /// The revision of the last event that is folded in.
    public let revision: Revision
    public let schema: SnapshotSchema
    public let state: [UInt8]

    public init(revision: Revision, schema: SnapshotSchema, state: [UInt8]) {
        self.revision = revision
        self.schema = schema
        self.state = state
    }
}

/// Which form of the state a snapshot holds; one of another form is passed over.
public struct SnapshotSchema: Sendable, Hashable {
    /// The aggregate's type.
    public let name: String
    /// Raised whenever the state's form or the meaning of its folding changes.
    public let version: Int

    public init(name: String, version: Int) {
        self.name = name
        self.version = version
    }
}
