public import EventSourcing
public import PostgresClient

/// Builds a read model anew from the log, beside the live one, and takes its place in one transaction: readers never
/// see it half done.
public struct Rebuild<Store: EventStore>: Sendable {
    /// How far a rebuild has come.
    public struct Progress: Sendable, Hashable {
        public let position: Position
        public let head: Position
        /// Events handled so far.
        public let eventCount: Int
    }

    private let model: any ReadModel
    private let store: Store
    private let pool: PostgresPool
    private let schema: ReadModelSchema

    public init(_ model: any ReadModel, store: Store, pool: PostgresPool) {
        self.model = model
        self.store = store
        self.pool = pool
        schema = .rebuild(model.name)
    }

    /// Rebuilds, and takes the live read model's place.
    ///
    /// The live tables serve until then. They may go back by a few moments, which the projector makes up for.
    public func run(_ report: @Sendable (Progress) -> Void) async throws -> Progress {
        try await makeTables()
        let progress = try await fill(through: nil, from: nil, report)
        try await takePlace(at: progress.position)
        return progress
    }

    /// Rebuilds, compares with the live read model, and leaves that as it is.
    ///
    /// - Returns: The tables whose rows differ; `nil` when the live read model kept moving and could not be compared.
    public func check(_ report: @Sendable (Progress) -> Void) async throws -> [String]? {
        try await makeTables()
        var progress: Progress?
        for _ in 0..<10 {
            let model = self.model
            guard let live = try await pool.run({ try CheckpointTable.load(model.reader, in: $0) }) else { return nil }
            progress = try await fill(through: live.position, from: progress, report)
            if let differing = try await differingTables(at: live.position) {
                try await dropTables()
                return differing
            }
        }
        try await dropTables()
        return nil
    }

    private func makeTables() async throws {
        try await pool.transaction { [model, schema] session in
            try session.executeScript("DROP SCHEMA IF EXISTS \(schema.name) CASCADE; CREATE SCHEMA \(schema.name)")
            try schema.enter(session)
            try session.executeScript(model.schemaSQL)
        }
    }

    private func dropTables() async throws {
        try await pool.run { [schema] session in
            try session.executeScript("DROP SCHEMA IF EXISTS \(schema.name) CASCADE")
        }
    }

    /// Folds the log into the new tables, up to `end`, or up to where the log ends.
    private func fill(
        through end: Position?, from earlier: Progress?, _ report: @Sendable (Progress) -> Void
    ) async throws -> Progress {
        let head = try await store.head()
        var progress = earlier ?? Progress(position: .start, head: head, eventCount: 0)
        report(progress)
        if progress.position >= end ?? progress.head { return progress }
        for try await batch in store.subscribe(after: progress.position, filter: model.filter, pageSize: 10_000) {
            let events = batch.events.filter { $0.position <= end ?? batch.position }
            try await pool.transaction { [model, schema] session in
                try session.executeScript("SET LOCAL synchronous_commit = off")
                try schema.enter(session)
                if !events.isEmpty { try model.handle(events, in: session) }
            }
            progress = Progress(
                position: min(batch.position, end ?? batch.position), head: batch.head,
                eventCount: progress.eventCount + events.count)
            report(progress)
            if progress.position >= end ?? batch.head { break }
        }
        return progress
    }

    private func takePlace(at position: Position) async throws {
        try await pool.transaction { [model, schema] session in
            // First the checkpoint: whoever projects waits for this row, and then finds it moved.
            try CheckpointTable.set(model.reader, to: position, version: model.version, in: session)
            for table in model.tables {
                let name = quotedIdentifier(table)
                try session.executeScript(
                    """
                    DROP TABLE IF EXISTS \(ReadModelSchema.live.name).\(name);
                    ALTER TABLE \(schema.name).\(name) SET SCHEMA \(ReadModelSchema.live.name)
                    """)
            }
            try session.executeScript("DROP SCHEMA \(schema.name) CASCADE")
        }
    }

    /// - Returns: `nil` when the live read model is no longer at `position`.
    private func differingTables(at position: Position) async throws -> [String]? {
        try await pool.transaction { [model, schema] session in
            try session.executeScript("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            guard try CheckpointTable.load(model.reader, in: session)?.position == position else { return nil }
            return try model.tables.filter { table in
                let name = quotedIdentifier(table)
                let (live, rebuilt) = ("\(ReadModelSchema.live.name).\(name)", "\(schema.name).\(name)")
                return try session.execute(
                    """
                    SELECT EXISTS (TABLE \(live) EXCEPT ALL TABLE \(rebuilt))
                        OR EXISTS (TABLE \(rebuilt) EXCEPT ALL TABLE \(live))
                    """
                ).bool(0, 0)
            }
        }
    }
}
