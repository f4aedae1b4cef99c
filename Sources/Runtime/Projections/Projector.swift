public import EventSourcing
public import Logging
public import PostgresClient
public import ServiceLifecycle

/// Keeps read models up to date with the log, or with several logs.
///
/// Of several processes with the same read model one does the work, by lease; another takes over when it stops.
public struct Projector<Store: StreamStore>: Service {
    private let models: [any ReadModel]
    private let store: Store
    private let pool: PostgresPool
    private let leases: LeaseTable
    private let logger: Logger

    /// How long a live projection waits for more events after a batch of each log, to write many of them at once.
    private static var gatherInterval: Duration { .milliseconds(15) }

    public init(_ models: [any ReadModel], store: Store, pool: PostgresPool, logger: Logger) {
        self.init(models, store: store, pool: pool, leaseTime: LeaseTable.timeToLive, logger: logger)
    }

    /// - Parameter leaseTime: Another projector takes over from one that has stood still for so long; whole seconds.
    package init(_ models: [any ReadModel], store: Store, pool: PostgresPool, leaseTime: Duration, logger: Logger) {
        self.models = models
        self.store = store
        self.pool = pool
        leases = LeaseTable(pool: pool, timeToLive: leaseTime)
        self.logger = logger
    }

    /// Works until the task is cancelled or a graceful shutdown is asked for.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for model in models {
                    group.addTask { await project(model) }
                }
            }
        }
    }

    /// One failing read model is tried again and again, and does not hold up the others.
    private func project(_ model: any ReadModel) async {
        var backoff = Self.backoff
        while !Task.isCancelled {
            let began = ContinuousClock.now
            do {
                try await leases.holding(model.reader) { try await follow(model) }
            } catch is CheckpointMoved {
                logger.debug("the checkpoint was moved; reading it again", metadata: ["projection": "\(model.name)"])
            } catch is CancellationError {
                return
            } catch {
                logger.error(
                    "projecting failed; trying again",
                    metadata: ["projection": "\(model.name)", "error": "\(String(reflecting: error))"])
            }
            if began.duration(to: .now) > .seconds(60) { backoff = Self.backoff }
            try? await Task.sleep(for: backoff.next(), clock: .continuous)
        }
    }

    private static var backoff: Backoff { Backoff(first: .milliseconds(100), limit: .seconds(10)) }

    private func follow(_ model: any ReadModel) async throws {
        let logs = store.logNames
        var checkpoint = try await pool.transaction { session in try model.prepare(logs, in: session) }
        if checkpoint.version != model.version {
            logger.notice(
                "the read model has another version and is rebuilt",
                metadata: ["projection": "\(model.name)", "version": "\(model.version)"])
            _ = try await Rebuild(model, store: store, pool: pool).run { _ in }
            checkpoint = try await pool.transaction { session in try model.prepare(logs, in: session) }
        }
        try await store.requireEnds(behind: checkpoint.positions)
        var positions = checkpoint.positions
        for try await batch in store.subscribe(after: positions, filter: model.filter, pageSize: 2_000) {
            try await handle(batch, model, from: positions[batch.log])
            positions[batch.log] = batch.position
            if batch.isLive { try await Task.sleep(for: Self.gatherInterval / logs.count, clock: .continuous) }
        }
    }

    private func handle(_ batch: EventBatch, _ model: any ReadModel, from position: Position) async throws {
        let hasSeveralLogs = store.logNames.count > 1
        try await pool.transaction { session in
            // What a crash of the server loses of this, it loses together with the checkpoint: it is folded again.
            try session.executeScript("SET LOCAL synchronous_commit = off")
            // A projector that has lost its lease may still handle a batch of another log. A checkpoint of one log does
            // not stop it, and both would read a row before either has written it.
            if hasSeveralLogs { try CheckpointTable.lock(model.reader, in: session) }
            try CheckpointTable.advance(
                model.reader, version: model.version, from: position, to: LogPosition(batch.log, batch.position),
                in: session)
            guard !batch.events.isEmpty else { return }
            try ReadModelSchema.live.enter(session)
            try model.handle(batch.events, in: session)
        }
    }
}
