/// An aggregate with long streams, whose state is kept now and then so that loading stays short.
public protocol SnapshottingAggregate: Aggregate {
    /// Raised whenever the state's form or the meaning of its folding changes; older snapshots are then passed over.
    static var snapshotVersion: Int { get }
    /// How many events there are between two snapshots: 1 or more.
    static var snapshotInterval: Int { get }

    init(snapshot: [UInt8]) throws
    func snapshot() throws -> [UInt8]
}

extension SnapshottingAggregate {
    public static var snapshotInterval: Int { 500 }
    static var snapshotSchema: SnapshotSchema { SnapshotSchema(name: "\(Self.self)", version: snapshotVersion) }
}
