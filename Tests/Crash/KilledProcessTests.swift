import Demo
import EventSourcingTesting
import Foundation
import Support
import Synchronization
import Testing

@Suite struct KilledProcessTests {
    /// The whole system is killed ten times while customers order, at moments spread over the demo by chance, and
    /// started again each time. PostgreSQL outlives it, as it does when a program dies.
    @Test func `ten kills in the middle of the demo lose no order, double none and leave no saga behind`() async throws
    {
        let seed = testSeed()
        print("kills by seed \(seed): STRATA_TEST_SEED=\(seed) ops/test --filter KilledProcessTests")
        try await withTemporaryFolder { folder in
            let shop = CrashingShop(folder: folder, seed: seed)
            try await shop.start()
            let ordered = Counter()
            async let demo = shop.runDemo(orders: 3_000, ordered)
            let kills = try await shop.killAndRestart(times: 10, during: 3_000, ordered)
            let outcome = try await demo

            #expect(outcome.differences == [], "seed \(seed)")
            #expect(outcome.confirmed.orders + outcome.rejected == outcome.sent.orders, "seed \(seed)")
            #expect(outcome.rejected > 0 && outcome.confirmed.orders > 0, "seed \(seed): both ends are reached")
            try await shop.expectOneCaptureForEachConfirmedOrder(outcome)
            try await shop.expectReadModelsEqualAReplay()
            try await shop.expectNoUnfinishedSaga()
            print("seed \(seed): \(kills) kills, \(outcome.sent.orders) orders, \(outcome.confirmed.orders) confirmed")
            try await shop.stop()
        }
    }
}

/// `strata up` in a folder of its own, which dies now and then.
private actor CrashingShop {
    private let folder: URL
    private let commandPort = freePort()
    private let queryPort = freePort()
    private var random: Seeded
    private let seed: UInt64
    private var process: StrataProcess?

    init(folder: URL, seed: UInt64) {
        self.folder = folder
        self.seed = seed
        random = Seeded(seed)
    }

    func start() async throws {
        let process = try StrataProcess(
            ["up", "--command-port", "\(commandPort)", "--query-port", "\(queryPort)"], folder: folder)
        self.process = process
        try await process.waitForOutput("Strata is up")
    }

    /// Kills whenever another tenth of the orders, more or less, has been placed.
    func killAndRestart(times: Int, during orders: Int, _ ordered: Counter) async throws -> Int {
        for kill in 0..<times {
            let moment = (Double(kill) + Double.random(in: 0..<1, using: &random)) / Double(times)
            try await ordered.wait(for: Int(moment * Double(orders)))
            try await process?.killAtOnce()
            try await start()
        }
        return times
    }

    nonisolated func runDemo(orders: Int, _ ordered: Counter) async throws -> DemoOutcome {
        var options = Demo.Options(run: "crash")
        options.commandURL = "http://127.0.0.1:\(commandPort)"
        options.queryURL = "http://127.0.0.1:\(queryPort)"
        options.concurrency = 16
        options.declineShare = 0.1
        options.seed = seed
        return try await Demo(SeededPurchases.make(orders, seed: seed), options).run { step in
            if case .ordering(let done, _) = step { ordered.set(done) }
        }
    }

    /// The log itself says how often money was collected: once for each order that was confirmed, and for no other.
    func expectOneCaptureForEachConfirmedOrder(_ outcome: DemoOutcome) async throws {
        let confirmed = try await orders(with: "OrderConfirmed")
        let rejected = try await orders(with: "OrderRejected")
        let captured = try await orders(with: "PaymentCaptured")
        let captures = Dictionary(captured.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(confirmed.count == outcome.confirmed.orders && rejected.count == outcome.rejected, "seed \(seed)")
        let wrong = confirmed.filter { captures[$0] != 1 } + rejected.filter { captures[$0] != nil }
        #expect(wrong == [], "seed \(seed)")
        #expect(captures.count == confirmed.count, "seed \(seed)")
    }

    /// The orders that have events of this type, once for each of these.
    private func orders(with type: String) async throws -> [String] {
        let exit = try await StrataProcess.run(
            "events", "export", "--type", type, "--folder", folder.appendingPathComponent(".strata").path)
        try #require(exit.status == 0, "\(exit.errors)")
        return try exit.output.split(separator: "\n").map { line in
            let stream = try JSONDecoder().decode(LoggedLine.self, from: Data(line.utf8)).stream
            return String(stream.drop { $0 != "-" }.dropFirst())
        }
    }

    func expectReadModelsEqualAReplay() async throws {
        let exit = try await StrataProcess.run(
            "replay", "all", "--check", "--folder", folder.appendingPathComponent(".strata").path)
        #expect(exit.status == 0, "\(exit.output)\(exit.errors)")
    }

    /// An order has ended a little before its saga has, and the list of sagas is a read model of its own.
    func expectNoUnfinishedSaga() async throws {
        let folder = folder.appendingPathComponent(".strata").path
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        var exit = try await StrataProcess.run("sagas", "--json", "--folder", folder)
        while !exit.output.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(200), clock: .continuous)
            exit = try await StrataProcess.run("sagas", "--json", "--folder", folder)
        }
        #expect(exit.status == 0 && exit.output.isEmpty, "\(exit.output)\(exit.errors)")
    }

    func stop() async throws {
        let status = try await process?.stop()
        #expect(status == 0, "a shop that was killed ten times stops as cleanly as any other")
    }
}

/// What is of interest of an exported event. An order and its payment have the same id in their streams' names.
private struct LoggedLine: Decodable {
    let stream: String
}

/// How many orders have been placed.
private final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    func set(_ value: Int) { count.store(value, ordering: .relaxed) }

    func wait(for value: Int) async throws {
        try await eventually("the demo goes on", within: .seconds(300)) { count.load(ordering: .relaxed) >= value }
    }
}
