internal import EventArchive
public import EventSourcing
public import Logging
internal import PostgresClient
public import ServiceLifecycle

/// A log in PostgreSQL.
///
/// Appends of concurrent callers are written in groups, each group with one lock, one flush to disk and one
/// notification. Nothing is written, and no notification is heard, unless ``run()`` runs.
public final class PostgresEventStore: EventStore, Service {
    public let log: LogName
    /// The cold part of the log, where its folder is known.
    public let archive: PostgresArchive?
    private let limits: AppendLimits
    private let readLimits: ReadLimits
    private let subscriptions: SubscriptionSlots
    private let pool: PostgresPool
    private let probes: PostgresPool
    private let reader: CombinedReader
    private let lists: StreamLists
    private let snapshots: SnapshotTable
    private let watcher: LogWatcher
    private let appender: Appender
    private let distantConditions: DistantConditions
    private let appendPatience: Duration

    public init(_ configuration: Configuration, logger: Logger) {
        log = configuration.log.name
        archive = configuration.archiveFolder.map { folder in
            PostgresArchive(connectionString: configuration.connectionString, folder: folder, log: configuration.log)
        }
        limits = configuration.limits
        readLimits = configuration.readLimits
        subscriptions = SubscriptionSlots(max: configuration.readLimits.subscriptionsMax)
        let connections = ConnectionConfiguration(
            connectionString: configuration.connectionString, statementTimeout: configuration.statementTimeout,
            lockTimeout: configuration.statementTimeout, answerTimeout: configuration.answerTimeout,
            role: "strata_application", settings: Self.plannerSettings)
        pool = PostgresPool(
            connections, limits: .init(connectionsMax: configuration.readConnectionsMax))
        probes = PostgresPool(
            Self.probing(connections), limits: .init(connectionsMax: 1, acquireTimeout: Self.probePatience))
        lists = StreamLists(log: configuration.log, pool: pool)
        snapshots = SnapshotTable(log: configuration.log, pool: pool)
        watcher = LogWatcher(log: configuration.log, configuration: connections, logger: logger)
        reader = CombinedReader(
            postgres: LogReader(log: configuration.log, pool: pool),
            segments: configuration.archiveFolder.map { [pool] folder in
                CombinedReader.Segments(
                    reader: ArchiveReader(archive: folder, log: SegmentLog(configuration.log)),
                    catalog: SegmentCatalog(log: configuration.log, pool: pool))
            }, watcher: watcher, logger: logger)
        distantConditions = DistantConditions(log: configuration.log, pool: pool, watcher: watcher)
        appender = Appender(
            log: configuration.log, watcher: watcher,
            sharedWriter: configuration.writerFolder.map {
                SharedWriter(folder: $0, log: configuration.log, patience: configuration.writerPatience)
            },
            configuration: connections, limits: configuration.queueLimits, logger: logger)
        appendPatience = configuration.appendPatience
    }

    /// How long each step of ``verify()`` may take.
    private static let probePatience = Duration.seconds(2)

    private static func probing(_ connections: ConnectionConfiguration) -> ConnectionConfiguration {
        var connections = connections
        connections.statementTimeout = probePatience
        connections.lockTimeout = probePatience
        connections.answerTimeout = probePatience + .seconds(1)
        connections.connectTimeoutSeconds = Int(probePatience.components.seconds)
        return connections
    }

    /// Every statement of the log goes through an index, in its order. Without statistics of a young log, or with stale
    /// ones, PostgreSQL thinks otherwise: it collects all rows behind a position to sort them, for each page again. And
    /// where it has to sort, it takes the price that the setting puts on that for work that is worth compiling first.
    static var plannerSettings: [String: String] {
        [
            "enable_seqscan": "off", "enable_bitmapscan": "off", "enable_sort": "off",
            "jit": "off", "plan_cache_mode": "force_generic_plan",
        ]
    }

    /// What this process has had to do with others that share its writer, where it shares one.
    package var writerSharing: WriterSharing { appender.sharing }

    /// Works until the task is cancelled or a graceful shutdown is asked for, which lets appends finish.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.watcher.run() }
            await withTaskCancellationOrGracefulShutdownHandler {
                await appender.run()
            } onCancelOrGracefulShutdown: {
                self.appender.close()
            }
            group.cancelAll()
        }
        await pool.close()
        await probes.close()
    }

    /// Runs a store for as long as `body` takes.
    public static func with<R: Sendable>(
        _ configuration: Configuration, logger: Logger, _ body: (PostgresEventStore) async throws -> R
    ) async throws -> R {
        let store = PostgresEventStore(configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.run() }
            defer { group.cancelAll() }
            return try await body(store)
        }
    }

    /// Checks that the database can be reached and has the schema that this program needs.
    ///
    /// It has a connection of its own and says no within seconds: whoever asks is not to wait behind reads.
    ///
    /// - Throws: ``EventStoreError`` that says what to do.
    public func verify() async throws(EventStoreError) {
        try await reading {
            try await probes.run { session in try Migrator().verify(in: session) }
        }
    }

    public func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        try limits.check(appends, provided: conditions)
        let deadline = ContinuousClock.now.advanced(by: appendPatience)
        let lookedAt = conditions.isEmpty ? [:] : try await distantConditions.lookAt(conditions)
        do throws(EventStoreError) {
            return try await appender.append(appends, provided: conditions, lookedAt: lookedAt, by: deadline)
        } catch {
            guard appender.keptFrom > 1, let receipt = try await reader.receiptOfRepeat(appends, after: error) else {
                throw error
            }
            return receipt
        }
    }

    public func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: PageSize
    ) async throws(EventStoreError) -> StreamPage {
        try readLimits.check(stream)
        let size = try readLimits.check(limit)
        return try await reading { try await reader.read(stream, from: revision, direction, size) }
    }

    public func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: PageSize
    ) async throws(EventStoreError) -> LogPage {
        try readLimits.check(filter)
        let size = try readLimits.check(limit)
        let page = try await reading { try await reader.readLog(after: position, direction, filter: filter, size) }
        watcher.advance(to: page.head)
        return page
    }

    public func head() async throws(EventStoreError) -> Position {
        try await reading { try await reader.postgres.head() }
    }

    public func waitForEvents(after position: Position, timeout: Duration) async throws(EventStoreError) -> Position {
        let known = watcher.head
        if known > position {
            // Whoever waits here may have looked behind `position` before more came, or what is known is wrong:
            // somebody else's notification, or a log that a fail-over has made shorter. Then they would ask again and
            // again.
            let head = try await head()
            if head < known { watcher.takeBack(known, to: head) }
            if head > position { return head }
        }
        await watcher.wait(after: position, timeout: timeout)
        return max(watcher.head, position)
    }

    public func openSubscription() throws(EventStoreError) -> SubscriptionSlot { try subscriptions.take() }

    public func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent? {
        try readLimits.check(stream)
        return try await reading { try await reader.find(id, in: stream) }
    }

    public func eventIDs(
        in stream: StreamName, through revision: Revision
    ) async throws(EventStoreError) -> Set<EventID> {
        try readLimits.check(stream)
        return try await reading { try await reader.eventIDs(in: stream, through: revision) }
    }

    public func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot? {
        try readLimits.check(stream)
        return try await reading { try await snapshots.load(stream, schema) }
    }

    public func save(_ snapshot: Snapshot, of stream: StreamName) async throws(EventStoreError) {
        do { try await snapshots.save(snapshot, stream) } catch { throw EventStoreError(writing: error) }
    }

    public func events(correlatedBy id: CorrelationID, limit: PageSize) async throws(EventStoreError)
        -> CorrelatedEvents
    {
        let size = try readLimits.check(limit)
        return try await reading { try await reader.events(correlatedBy: id, size) }
    }

    public func streams(
        in category: StreamCategory?, after stream: StreamName?, limit: Int
    ) async throws(EventStoreError) -> [StreamSummary] {
        try readLimits.check(limit: limit)
        if let stream { try readLimits.check(stream) }
        return try await reading { try await lists.streams(in: category, after: stream, limit: limit) }
    }

    public func categories(limit: Int) async throws(EventStoreError) -> [String] {
        try readLimits.check(limit: limit)
        return try await reading { try await lists.categories(limit: limit) }
    }
}
