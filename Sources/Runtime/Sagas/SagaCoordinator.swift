public import EventSourcing
public import Logging
internal import NIOConcurrencyHelpers
public import PostgresClient
internal import SagaEngine
public import ServiceLifecycle

/// Starts the instances of one saga when their events come, and sees each through to its end.
///
/// Coordinators in several processes divide the instances by lease; the expected revision of an instance's stream
/// keeps two of them from working on one.
public struct SagaCoordinator<S: Saga, Store: StreamStore>: Service {
    /// How much one coordinator does at once.
    public struct Limits: Sendable, Hashable {
        /// Instances that are worked on at the same time, 1 or more; those that wait for a next attempt do not count.
        public var activeMax: Int
        /// How often it looks for instances that a stopped process left behind.
        public var recoveryInterval: Duration
        /// How long a coordinator may stall before others take its leases; whole seconds.
        package var leaseTime = LeaseTable.timeToLive

        public init(activeMax: Int = 256, recoveryInterval: Duration = .seconds(3)) {
            self.activeMax = activeMax
            self.recoveryInterval = recoveryInterval
        }
    }

    private let store: Store
    private let pool: PostgresPool
    private let runner: SagaRunner<S, Store>
    private let leases: SagaLeases
    private let limits: Limits
    private let slots: Slots
    /// The keys of the instances that this process works on.
    private let running = NIOLockedValueBox<Set<String>>([])
    /// How often the read model of instances was not there.
    private let looksInVain = NIOLockedValueBox(0)
    private let logger: Logger

    public init(
        _ saga: S, store: Store, commands: any CommandPort, pool: PostgresPool, limits: Limits = Limits(),
        logger: Logger
    ) {
        self.store = store
        self.pool = pool
        self.limits = limits
        runner = SagaRunner(saga, store: store, commands: commands)
        leases = SagaLeases(saga: S.name, pool: pool, timeToLive: limits.leaseTime)
        slots = Slots(limits.activeMax)
        var logger = logger
        logger[metadataKey: "saga"] = "\(S.name)"
        self.logger = logger
    }

    /// Works until the task is cancelled or a graceful shutdown is asked for. Steps that are under way are cancelled
    /// then, and waited for up to their time limit: one that is done all the same is recorded, and any other is left to
    /// whoever comes next, who does it again under the same command id.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            let (work, continuation) = AsyncStream.makeStream(of: Work.self, bufferingPolicy: .unbounded)
            await withDiscardingTaskGroup { instances in
                instances.addTask {
                    await coordinate(continuation)
                    continuation.finish()
                }
                for await work in work { instances.addTask { await see(work) } }
            }
        }
        await leases.release()
    }

    // MARK: Finding work

    /// An instance to work on. It has a slot already.
    private enum Work: Sendable {
        case go(SagaInstance<S>)
        case recover(key: String)

        var key: String {
            switch self {
            case .go(let instance): instance.key
            case .recover(let key): key
            }
        }
    }

    private func coordinate(_ work: AsyncStream<Work>.Continuation) async {
        var backoff = Backoff(first: .milliseconds(100), limit: .seconds(5))
        while !Task.isCancelled {
            do {
                try await coordinate(with: try await leases.renew(), work)
            } catch is SharesChanged {
                backoff = Backoff(first: .milliseconds(100), limit: .seconds(5))
            } catch is CancellationError {
                return
            } catch {
                logger.error(
                    "coordinating failed; trying again", metadata: ["error": "\(String(reflecting: error))"])
                try? await Task.sleep(for: backoff.next(), clock: .continuous)
            }
        }
    }

    /// Works with one set of shares, until it changes.
    private func coordinate(with held: Set<Int>, _ work: AsyncStream<Work>.Continuation) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keep(held) }
            if !held.isEmpty {
                group.addTask { try await startNew(held, work) }
                group.addTask { try await recover(held, work) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func keep(_ held: Set<Int>) async throws {
        while true {
            try await Task.sleep(for: LeaseTable.renewalInterval, clock: .continuous)
            guard try await leases.renew() == held else { throw SharesChanged() }
        }
    }

    // MARK: Starting

    private func startNew(_ held: Set<Int>, _ work: AsyncStream<Work>.Continuation) async throws {
        let checkpoints = SagaCheckpoints(saga: S.name, shares: held)
        let logs = store.logNames
        let started = try await pool.transaction { session in try checkpoints.load(logs, in: session) }
        var begin = LogPositions()
        var end = LogPositions()
        for log in logs {
            begin[log] = started.values.map { $0[log] }.min() ?? .start
            end[log] = started.values.map { $0[log] }.max() ?? .start
        }
        try await store.requireEnds(behind: end)
        let filter = EventFilter.events(of: S.Trigger.self)
        for try await batch in store.subscribe(after: begin, filter: filter, pageSize: 500) {
            let triggers = batch.events.compactMap { trigger($0, held, started) }
            let instances = try await start(triggers)
            if !triggers.isEmpty || batch.isLive {
                let position = LogPosition(batch.log, batch.position)
                try await pool.transaction { session in try checkpoints.advance(to: position, in: session) }
            }
            for instance in instances { await hand(.go(instance), to: work) }
        }
    }

    /// - Returns: `nil` when the event starts no instance in our shares, or its share has passed it already.
    private func trigger(
        _ event: RecordedEvent, _ held: Set<Int>, _ started: [Int: LogPositions]
    ) -> Recorded<S.Trigger>? {
        do {
            let trigger = try Recorded<S.Trigger>(event)
            guard let key = S.key(startedBy: trigger) else { return nil }
            let share = SagaShare.of(key)
            return held.contains(share) && event.position > started[share, default: .start][event.log] ? trigger : nil
        } catch {
            // Waiting for it to become readable would hold up every other instance.
            logger.critical(
                "an event that may start a saga cannot be read, and is passed over",
                metadata: ["position": "\(event.logPosition)", "error": "\(error)"])
            return nil
        }
    }

    /// Starts instances side by side: their appends then share a group.
    private func start(_ triggers: [Recorded<S.Trigger>]) async throws -> [SagaInstance<S>] {
        try await withThrowingTaskGroup(of: SagaInstance<S>?.self) { group in
            for trigger in triggers { group.addTask { try await start(trigger) } }
            return try await group.reduce(into: []) { started, instance in
                if let instance { started.append(instance) }
            }
        }
    }

    private func start(_ trigger: Recorded<S.Trigger>) async throws -> SagaInstance<S>? {
        do {
            return try await runner.start(trigger)
        } catch let error as EventStoreError where error.code == .invalidAppend {
            // Its key makes no name of a stream, say: to try again would hold up every other instance for ever.
            logger.critical(
                "an event cannot start its saga, and is passed over",
                metadata: ["position": "\(trigger.event.logPosition)", "error": "\(error)"])
            return nil
        }
    }

    /// Waits for a slot: what has no slot is not taken from the log.
    private func hand(_ next: Work, to work: AsyncStream<Work>.Continuation) async {
        guard running.withLockedValue({ $0.insert(next.key).inserted }) else { return }
        guard await slots.acquireUnlessCancelled() else {
            // Others hold its share soon, and find it.
            running.withLockedValue { _ = $0.remove(next.key) }
            return
        }
        guard case .terminated = work.yield(next) else { return }
        // Nobody takes work any more: it is left to whoever comes next, and the slot to who waits for it.
        letGo(of: next)
    }

    private func letGo(of work: Work) {
        slots.release()
        running.withLockedValue { _ = $0.remove(work.key) }
    }

    // MARK: Recovering

    private func recover(_ held: Set<Int>, _ work: AsyncStream<Work>.Continuation) async throws {
        let interval = limits.recoveryInterval
        while true {
            var last: SagaInstances.Unfinished?
            repeat {
                // Page by page to the end: some may not be able to move for as long as this program runs.
                let found = try await pool.transaction { [last] session in
                    try SagaInstances.unfinished(S.name, shares: held, idleFor: interval, after: last, in: session)
                }
                guard let page = found else {
                    warnOfMissingInstances()
                    break
                }
                for next in page where !running.withLockedValue({ $0.contains(next.key) }) {
                    try Task.checkCancellation()
                    await hand(.recover(key: next.key), to: work)
                }
                last = page.last
            } while last != nil
            try await Task.sleep(for: interval, clock: .continuous)
        }
    }

    /// Says once that nothing is recovered: not at the first look, because a projector that starts beside this
    /// coordinator makes the table within moments.
    private func warnOfMissingInstances() {
        let looks = looksInVain.withLockedValue { looks -> Int in
            looks += 1
            return looks
        }
        guard looks == 2 else { return }
        logger.warning(
            """
            there is no read model saga-instances: what a stopped process leaves behind is not found. Give a projector \
            SagaInstances() among its read models
            """)
    }

    // MARK: Working

    private func see(_ work: Work) async {
        defer { letGo(of: work) }
        do {
            switch work {
            case .go(var instance): try await see(&instance)
            case .recover(let key):
                guard var instance = try await runner.load(key: key) else { return }
                try await see(&instance)
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning(
                "an instance is left for later",
                metadata: ["key": "\(work.key)", "error": "\(String(reflecting: error))"])
        }
    }

    /// Gives its slot to others while it waits for the next attempt.
    private func see(_ instance: inout SagaInstance<S>) async throws {
        while case .retry(let delay) = try await runner.run(&instance) {
            slots.release()
            let wait = await Result { try await Task.sleep(for: delay, clock: .continuous) }
            await slots.acquire()
            try wait.get()
            // Somebody else may have taken it over meanwhile, and undone what the next attempt would do again.
            guard let now = try await runner.load(key: instance.key), now.revision == instance.revision else { return }
        }
    }
}

/// The set of shares that this process holds is another one now.
private struct SharesChanged: Error {}
