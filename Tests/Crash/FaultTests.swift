import FaultInjection
import Foundation
import Support
import Testing

@Suite struct FaultTests {
    /// Two faults of each kind, in an order by chance, while eighteen writers in two processes append and
    /// four readers follow. `ops/soak` does the same for as long as one likes.
    @Test(.timeLimit(.minutes(15)))
    func `twenty faults lose no acknowledged append, double none and leave no gap`() async throws {
        // With an odd seed each process writes by itself.
        let seed = UInt64.random(in: 0 ... .max) | 1
        print("faults by seed \(seed): ops/soak --faults 20 --seed \(seed)")
        let options = FaultRun.Options(
            seed: seed, faults: 20, executable: StrataProcess.executable(named: "strata-soak").path)
        let report = try await FaultRun.run(options) { print($0) }
        print(report.markdown)

        #expect(report.violations == [], "seed \(seed)")
        #expect(report.tally.acknowledged == report.tally.appends, "seed \(seed): all come through in the end")
        #expect(report.faultCount + report.leftOutCount == 20)
        for kind in FaultKind.allCases where report.leftOut[kind] == nil {
            #expect(report.faults[kind, default: 0] >= 2, "seed \(seed): \(kind)")
            #expect(report.hits[kind, default: 0] > 0, "seed \(seed): \(kind) hit nothing")
        }
        #expect(report.checked.checks == report.faultCount + 1, "after each fault, and in the end")
        #expect(report.tally.unknown > 0, "seed \(seed): faults that leave no append in doubt test nothing")
        #expect(report.tally.repeats > 0, "seed \(seed): nor do faults that leave none recorded")
        #expect(
            report.readerEvents > 3 * report.tally.acknowledged, "seed \(seed): three readers of four see everything")
    }

    /// The process that is killed and stopped is the one that writes for both, or the one that lets the other write.
    @Test(.timeLimit(.minutes(15)))
    func `faults lose and double nothing where the processes write through one of them`() async throws {
        let kinds = [FaultKind.killWriter, .freezeWriter, .killServer, .terminateBackends]
        let seed = Self.seedOfSharedWriter(kinds)
        let arguments = kinds.map { " --kind \($0.rawValue)" }.joined()
        print("faults by seed \(seed): ops/soak --faults 12 --seed \(seed)\(arguments)")
        var options = FaultRun.Options(
            seed: seed, faults: 12, executable: StrataProcess.executable(named: "strata-soak").path)
        options.kinds = kinds
        try #require(options.sharesWriter)
        let report = try await FaultRun.run(options) { print($0) }
        print(report.markdown)

        #expect(report.violations == [], "seed \(seed)")
        #expect(report.tally.acknowledged == report.tally.appends, "seed \(seed): all come through in the end")
        #expect(report.faultCount == 12 && report.checked.checks == 13)
        for kind in kinds { #expect(report.hits[kind, default: 0] > 0, "seed \(seed): \(kind) hit nothing") }
        #expect(report.handedOver > 0, "seed \(seed): each process wrote by itself")
        #expect(report.leadersHit > 0, "seed \(seed): no fault hit the process that writes for both")
        #expect(report.tally.unknown > 0, "seed \(seed): faults that leave no append in doubt test nothing")
    }

    /// A seed by which the processes share a writer, and the one that has it at first is the first to be hit.
    private static func seedOfSharedWriter(_ kinds: [FaultKind]) -> UInt64 {
        var seed = UInt64.random(in: 0 ... .max) & ~1
        while true {
            var plan = FaultPlan(seed: seed, kinds: kinds)
            if let first = plan.next()?.kind, [.killWriter, .freezeWriter].contains(first) { return seed }
            seed &+= 2
        }
    }
}
