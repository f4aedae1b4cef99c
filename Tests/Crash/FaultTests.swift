import FaultInjection
import Foundation
import Support
import Testing

@Suite struct FaultTests {
    /// Two faults of each kind, in an order by chance, while eighteen writers in two processes append and
    /// four readers follow. `ops/soak` does the same for as long as one likes.
    @Test func `twenty faults lose no acknowledged append, double none and leave no gap`() async throws {
        // With an odd seed each process writes by itself.
        let seed = UInt64.random(in: 0 ... .max) | 1
        print("faults by seed \(seed): ops/soak --faults 20 --seed \(seed)")
        let options = FaultRun.Options(
            seed: seed, faults: 20, executable: StrataProcess.executable(named: "strata-soak").path)
        let report = try await FaultRun.run(options) { print($0) }
        print(report.markdown)

        #expect(report.violations == [], "seed \(seed)")
        #expect(report.tally.acknowledged == report.tally.appends, "seed \(seed): all come through in the end")
        #expect(report.faultCount + report.leftOut.values.reduce(0, +) == 20)
        for kind in FaultKind.allCases where report.leftOut[kind] == nil {
            #expect(report.faults[kind, default: 0] >= 2, "seed \(seed): \(kind)")
            #expect(report.hits[kind, default: 0] > 0, "seed \(seed): \(kind) hit nothing")
        }
        #expect(report.checked.checks == report.faultCount)
        #expect(report.tally.unknown > 0, "seed \(seed): faults that leave no append in doubt test nothing")
        #expect(report.tally.repeats > 0, "seed \(seed): nor do faults that leave none recorded")
        #expect(
            report.readerEvents > 3 * report.tally.acknowledged, "seed \(seed): three readers of four see everything")
    }

    /// The process that is killed and stopped is the one that writes for both, or the one that lets the other write.
    @Test func `faults lose and double nothing where the processes write through one of them`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("faults by seed \(seed), through one writer")
        var options = FaultRun.Options(
            seed: seed, faults: 12, executable: StrataProcess.executable(named: "strata-soak").path)
        options.sharesWriter = true
        options.kinds = [.killWriter, .freezeWriter, .killServer, .terminateBackends]
        let report = try await FaultRun.run(options) { print($0) }
        print(report.markdown)

        #expect(report.violations == [], "seed \(seed)")
        #expect(report.tally.acknowledged == report.tally.appends, "seed \(seed): all come through in the end")
        #expect(report.faultCount == 12 && report.checked.checks == 12)
        #expect(report.tally.unknown > 0, "seed \(seed): faults that leave no append in doubt test nothing")
    }
}
