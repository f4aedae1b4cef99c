public import EventSourcing
public import PostgresClient

/// Builds a read model anew from the log, or from all logs that it follows, beside the live one, and takes its place in
/// one transaction: readers never see it half done.
public struct Rebuild<Store: StreamStore>: Sendable {
    /// How far a rebuild has come.
    public struct Progress: Sendable, Hashable {
        public let positions: LogPositions
        public let heads: LogPositions
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
        schema = .rebuild(model.name, number: .random(in: 0 ... .max))
    }

    /// Rebuilds, and takes the live read model's place.
    ///
    /// The live tables serve until then. They may go back by a few moments, which the projector makes up for.
    public func run(_ report: @Sendable (Progress) -> Void) async throws -> Progress {
        try await makeTables()
        let progress = try await fill(through: nil, from: nil, report)
        try await takePlace(at: progress.positions)
        return progress
    }

    /// Rebuilds, compares with the live read model, and leaves that as it is.
    ///
    /// - Returns: The tables whose rows differ; `nil` when the live read model kept moving and could not be compared.
    public func check(_ report: @Sendable (Progress) -> Void) async throws -> [String]? {
        try await makeTables()
        let differing = await Result { try await compare(report) }
        // In a task of its own: this one may be cancelled by now.
        let dropped = await Task { await Result { try await dropTables() } }.value
        let tables = try differing.get()
        try dropped.get()
        return tables
    }

    private func compare(_ report: @Sendable (Progress) -> Void) async throws -> [String]? {
        var progress: Progress?
        for _ in 0..<10 {
            let (model, logs) = (model, store.logNames)
            guard let live = try await pool.run({ try CheckpointTable.load(model.reader, logs, in: $0) }) else {
                return nil
            }
            progress = try await fill(through: live.positions, from: progress, report)
            if let differing = try await differingTables(at: live.positions) { return differing }
        }
        return nil
    }

    /// What an earlier rebuild has left behind goes; one that is still under way fails with its next batch.
    private func makeTables() async throws {
        try await pool.transaction { [model, schema] session in
            let left = try session.execute(
                "SELECT nspname::text FROM pg_namespace WHERE nspname ~ $1",
                [.text(ReadModelSchema.ofRebuilds(model.name))])
            for row in 0..<left.rowCount {
                try session.executeScript("DROP SCHEMA \(quotedIdentifier(left.text(row, 0))) CASCADE")
            }
            try session.executeScript("CREATE SCHEMA \(schema.name)")
            try schema.enter(session)
            try session.executeScript(model.schemaSQL)
        }
    }

    private func dropTables() async throws {
        try await pool.run { [schema] session in
            try session.executeScript("DROP SCHEMA IF EXISTS \(schema.name) CASCADE")
        }
    }

    /// Folds the logs into the new tables, up to `end`, or up to where they end.
    private func fill(
        through end: LogPositions?, from earlier: Progress?, _ report: @Sendable (Progress) -> Void
    ) async throws -> Progress {
        let heads = try await store.heads()
        var progress = earlier ?? Progress(positions: .start, heads: heads, eventCount: 0)
        report(progress)
        if progress.positions.reaches(end ?? progress.heads) { return progress }
        for try await batch in store.subscribe(after: progress.positions, filter: model.filter, pageSize: 10_000) {
            progress = try await fold(batch, through: end?[batch.log], progress)
            report(progress)
            if progress.positions.reaches(end ?? progress.heads) { break }
        }
        return progress
    }

    private func fold(_ batch: EventBatch, through end: Position?, _ progress: Progress) async throws -> Progress {
        let events = batch.events.filter { $0.position <= end ?? batch.position }
        if !events.isEmpty {
            try await fold(events)
        }
        var (positions, heads) = (progress.positions, progress.heads)
        positions[batch.log] = min(batch.position, end ?? batch.position)
        heads[batch.log] = batch.head
        return Progress(positions: positions, heads: heads, eventCount: progress.eventCount + events.count)
    }

    private func fold(_ events: [RecordedEvent]) async throws {
        do {
            try await pool.transaction { [model, schema] session in
                try session.executeScript("SET LOCAL synchronous_commit = off")
                try requireTables(session)
                try schema.enter(session)
                try model.handle(events, in: session)
            }
        } catch let error as PostgresError where error.sqlState == .undefinedTable {
            try await pool.run { session in try requireTables(session) }
            throw error
        }
    }

    private func requireTables(_ session: PostgresSession) throws {
        let found = try session.execute("SELECT 1 FROM pg_namespace WHERE nspname = $1", [.text(schema.name)])
        guard found.rowCount == 1 else { throw RebuildOvertaken(model: model.name) }
    }

    /// Retries with a short lock timeout, so that readers never queue behind it for long.
    private func takePlace(at positions: LogPositions) async throws {
        for attempt in 1... {
            do {
                return try await takePlaceNow(at: positions)
            } catch let error as PostgresError where error.sqlState == .lockNotAvailable && attempt < Self.attemptsMax {
                try await Task.sleep(for: Self.pause, clock: .continuous)
            }
        }
    }

    private static var attemptsMax: Int { 100 }
    private static var pause: Duration { .seconds(3) }

    private func takePlaceNow(at positions: LogPositions) async throws {
        let logs = store.logNames
        try await pool.transaction { [model, schema] session in
            try session.executeScript("SET LOCAL lock_timeout = '2s'")
            try model.lockPlace(in: session)
            try requireTables(session)
            // First the checkpoints: whoever projects waits for these rows, and then finds them moved.
            try CheckpointTable.set(model.reader, logs, to: positions, version: model.version, in: session)
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

    /// On a connection of its own: whole tables are compared, and that takes as long as it takes.
    ///
    /// - Returns: `nil` when the live read model is no longer at `positions`.
    private func differingTables(at positions: LogPositions) async throws -> [String]? {
        let logs = store.logNames
        var configuration = pool.configuration
        (configuration.statementTimeout, configuration.answerTimeout) = (nil, nil)
        return try await PostgresConnection.with(configuration) { connection in
            try await connection.run { [model, schema] session in
                try session.transaction { session in
                    try session.executeScript("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    let live = try CheckpointTable.load(model.reader, logs, in: session)
                    guard live?.positions == positions else { return [String]?.none }
                    return try model.tables.filter { table in
                        let name = quotedIdentifier(table)
                        let live = "\(ReadModelSchema.live.name).\(name)"
                        let rebuilt = "\(schema.name).\(name)"
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
    }
}

/// Another rebuild of the same read model has begun.
public struct RebuildOvertaken: Error, Sendable, CustomStringConvertible {
    public let model: ProjectionName

    public var description: String {
        "Another rebuild of the read model \(model) has begun, and this one was given up. The live one was not changed by it."
    }
}
