internal import EventSourcing
internal import EventSourcingTesting
internal import Foundation
internal import NIOConcurrencyHelpers
internal import PostgresEventStore

/// One run: writers and readers at work on a PostgreSQL of their own, one fault after the other, and a check of every
/// promise after each.
public struct FaultRun: Sendable {
    /// What a run does. With the same options it injects the same faults in the same order.
    public struct Options: Sendable {
        public var seed: UInt64
        public var faults: Int
        public var kinds: [FaultKind] = FaultKind.allCases
        /// Writers in this process.
        public var ownWriters = 12
        /// Writers in the process that is killed.
        public var remoteWriters = 6
        /// Whether the stores share a writer.
        public var sharesWriter: Bool
        /// No fault begins after this.
        public var deadline: ContinuousClock.Instant?
        /// A program that runs an ``AppendingProcess`` when its first argument is `append`.
        public var executable: String

        public init(seed: UInt64, faults: Int, executable: String) {
            self.seed = seed
            sharesWriter = seed.isMultiple(of: 2)
            self.faults = faults
            self.executable = executable
        }
    }

    private let options: Options
    private let scene: Scene
    private let ledger: Ledger
    private let gate: Gate
    private let followers = [
        Follower("all, in pages of 1,000"), Follower("all, in pages of 7"),
        Follower("one type", type: Soaked.marked), Follower("all, beside the writers"),
    ]
    private static let pageSizes = [1_000, 7, 100, 500]

    /// Runs to the end.
    ///
    /// - Parameter tell: Is told what is being done.
    /// - Throws: ``FaultError`` when a fault could not be injected. That nothing goes on after one is a broken promise.
    public static func run(
        _ options: Options, tell: @Sendable (String) -> Void = { _ in }
    ) async throws -> FaultReport {
        let cluster = try await Cluster.start()
        var limits = RunLimits()
        if options.sharesWriter { limits.writerFolder = Self.newWriterFolder() }
        var impatient = limits
        impatient.appendMilliseconds = 700
        let writer = WriterProcess(executable: options.executable, limits: impatient)
        let ledger = Ledger()
        let scene = Scene(cluster: cluster, writer: writer, limits: limits) { ledger.acknowledgedCount }
        let run = FaultRun(options, scene, ledger)
        do {
            let report = try await run.run(tell)
            await run.stop()
            return report
        } catch {
            await run.stop()
            throw FaultError("seed \(options.seed): \(error)")
        }
    }

    private init(_ options: Options, _ scene: Scene, _ ledger: Ledger) {
        self.options = options
        self.scene = scene
        self.ledger = ledger
        gate = Gate(writers: options.ownWriters + options.remoteWriters)
    }

    private func stop() async {
        _ = try? await scene.writer.kill()
        await scene.cluster.stop()
        if let folder = scene.limits.writerFolder { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// A socket's path has little room, and some folders for temporary files take all of it.
    private static func newWriterFolder() -> String { "/tmp/strata-\(UUID().uuidString.prefix(13))" }

    private func run(_ tell: @Sendable (String) -> Void) async throws -> FaultReport {
        let configuration = PostgresEventStore.Configuration(scene.cluster.connectionString, scene.limits)
        try await scene.writer.start(connectionString: scene.cluster.connectionString)
        let writing = PostgresEventStore(configuration, logger: .silent)
        let reading = PostgresEventStore(configuration, logger: .silent)
        let hasEnded = NIOLockedValueBox(false)
        // By itself, and not among this task's children: whoever finds that it hangs must not wait for its end.
        let load = Task {
            await carryLoad(writing, reading)
            hasEnded.withLockedValue { $0 = true }
        }
        do {
            let report = try await injectAll(writing, tell)
            await end(load, hasEnded)
            return report
        } catch {
            tell("\(error)")
            await end(load, hasEnded)
            throw error
        }
    }

    /// Ends the load, or leaves it behind where it is.
    private func end(_ load: Task<Void, Never>, _ hasEnded: NIOLockedValueBox<Bool>) async {
        load.cancel()
        _ = try? await scene.writer.kill()
        try? await Retry.until("the load ends", within: .seconds(20)) { hasEnded.withLockedValue { $0 } }
    }

    // MARK: The load

    /// Writes and reads until the task is cancelled.
    private func carryLoad(_ writing: PostgresEventStore, _ reading: PostgresEventStore) async {
        await withTaskGroup(of: Void.self) { group in
            for store in [writing, reading] { group.addTask { try? await store.run() } }
            for (index, follower) in followers.enumerated() {
                let store = index == followers.count - 1 ? writing : reading
                group.addTask { await follower.run(store, pageSize: Self.pageSizes[index]) }
            }
            for number in options.ownWriters..<options.ownWriters + options.remoteWriters {
                group.addTask { await runWriter(number, to: scene.writer) }
            }
            await waitForLeader()
            for number in 0..<options.ownWriters {
                group.addTask { await runWriter(number, to: writing) }
            }
        }
    }

    private func runWriter(_ number: Int, to port: any AppendPort) async {
        var writer = Writer(
            number, seed: options.seed, port: port, ledger: ledger, gate: gate, waitsForCheck: number.isMultiple(of: 3))
        await writer.run()
    }

    /// Where the processes share a writer, the one that is killed is to be it at first.
    private func waitForLeader() async {
        guard options.sharesWriter else { return }
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        while !scene.writer.isLeading, ContinuousClock.now < deadline, !Task.isCancelled {
            await pause(.milliseconds(5))
        }
    }

    // MARK: Faults

    private func injectAll(
        _ writing: PostgresEventStore, _ tell: @Sendable (String) -> Void
    ) async throws -> FaultReport {
        var report = FaultReport(seed: options.seed)
        let began = ContinuousClock.now
        do {
            try await goOn("the load begins")
            try await injectAll(into: &report, tell)
        } catch let stuck as Stuck {
            tell("\(stuck)")
            report.violations.append("\(stuck)")
        }
        report.take(ledger, followers.map(\.record), duration: began.duration(to: .now))
        report.handedOver = writing.writerSharing.handedOver + scene.writer.handedOver
        report.leadersHit = scene.writer.leadersHit
        return report
    }

    private func injectAll(into report: inout FaultReport, _ tell: @Sendable (String) -> Void) async throws {
        for (number, step) in FaultPlan(seed: options.seed, kinds: options.kinds).prefix(options.faults).enumerated() {
            if let deadline = options.deadline, ContinuousClock.now > deadline { break }
            gate.set(.open)
            await pause(step.delay)
            tell("fault \(number + 1) of \(options.faults): \(step.kind.title)")
            if step.kind == .fullDisk, !scene.cluster.hasDisks {
                tell("left out: no file system can be mounted here (it takes root)")
                report.leftOut[step.kind, default: 0] += 1
                continue
            }
            var random = Seeded(step.seed)
            let hits = try await step.kind.fault.inject(into: scene, &random)
            report.add(step.kind, hits: hits)
            try await goOn("writing goes on after \(step.kind.title)")
            try await check(into: &report)
            if !report.violations.isEmpty { return }
        }
        // Also when no fault was injected, or the last one was left out.
        gate.set(.open)
        try await goOn("writing goes on in the end")
        try await check(into: &report)
    }

    /// Waits until every writer, on average, was acknowledged twice.
    private func goOn(_ what: String) async throws(Stuck) {
        let goal = ledger.acknowledgedCount + 2 * (options.ownWriters + options.remoteWriters)
        try await Retry.expect(what) { ledger.acknowledgedCount >= goal }
    }

    /// Holds the writers, compares everything, and lets those that are unsure find out whether the log agrees. Then
    /// nothing is under way, and every append is acknowledged.
    private func check(into report: inout FaultReport) async throws {
        gate.set(.closed)
        try await gate.waitUntilHeld()
        try await Retry.until("the stores' sessions are idle") { try await scene.cluster.isQuiet() }
        let log = try await scene.cluster.readLog()
        for follower in followers {
            try await Retry.expect("reader '\(follower.record.name)' comes to the end of the log") {
                follower.through.rawValue >= log.head
            }
        }
        let check = LedgerCheck.run(log, ledger: ledger.entries, readers: followers.map(\.record))
        report.add(check)
        ledger.note(log)
        gate.set(.settling)
        try await gate.waitUntilHeld()
        report.violations += ledger.contradictions.map(\.description)
        if await scene.cluster.hasOpenTransaction() { report.hit(.openTransaction, 1) }
    }
}

extension PostgresEventStore: AppendPort {}
