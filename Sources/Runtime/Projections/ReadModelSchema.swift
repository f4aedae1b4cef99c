internal import EventSourcing
internal import PostgresClient

/// Where a read model's tables are: live, or in a rebuild that has not taken their place yet.
enum ReadModelSchema: Hashable, Sendable {
    case live
    /// Each rebuild has a schema of its own: two of one read model must not fold into each other's tables.
    case rebuild(ProjectionName, number: UInt32)

    /// A name that needs no quotes in SQL, for the name of a projection is of lowercase letters, digits and hyphens.
    var name: String {
        switch self {
        case .live: "read_models"
        case .rebuild(let projection, let number):
            Self.stem(projection) + "_" + String(UInt64(number) | 1 << 32, radix: 16).dropFirst()
        }
    }

    /// What the schemas of all rebuilds of a read model are named, as a regular expression of PostgreSQL.
    static func ofRebuilds(_ projection: ProjectionName) -> String { "^\(stem(projection))(_[0-9a-f]{8})?$" }

    /// PostgreSQL's names have 63 bytes at most: one of a projection leaves room for what stands around it.
    private static func stem(_ projection: ProjectionName) -> String {
        "rebuild_" + projection.rawValue.split(separator: "-").joined(separator: "_")
    }

    /// Lets names without a schema mean this one, until the transaction ends.
    func enter(_ session: PostgresSession) throws {
        try session.executeScript("SET LOCAL search_path = \(name)")
    }
}

extension ReadModel {
    /// The name of the checkpoint and of the lease.
    var reader: String { "projection/\(name)" }

    /// Makes the tables and the checkpoints in `logs` if they are not there.
    ///
    /// - Returns: The checkpoint; its version differs from the read model's when a rebuild is needed.
    func prepare(_ logs: [LogName], in session: PostgresSession) throws -> CheckpointTable.Checkpoint {
        try lockPlace(in: session)
        if let checkpoint = try CheckpointTable.load(reader, logs, in: session) {
            try CheckpointTable.begin(reader, logs, version: checkpoint.version, in: session)
            return checkpoint
        }
        try ReadModelSchema.live.enter(session)
        for table in tables { try session.executeScript("DROP TABLE IF EXISTS \(quotedIdentifier(table))") }
        try session.executeScript(schemaSQL)
        try CheckpointTable.begin(reader, logs, version: version, in: session)
        return .init(version: version, positions: .start)
    }

    /// Lets nobody else make the read model's tables, or put others in their place, until the transaction ends.
    func lockPlace(in session: PostgresSession) throws {
        try session.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [.text(reader)])
    }
}
