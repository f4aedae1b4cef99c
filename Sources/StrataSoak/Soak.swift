internal import ArgumentParser
internal import FaultInjection
internal import Foundation

/// Breaks a PostgreSQL at work in every way it knows, and checks after each that Strata has kept its promises.
@main
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata-soak",
        abstract: "Inject faults while writers append and readers follow, and check every promise after each.",
        discussion: """
            Starts a PostgreSQL of its own for each run of faults, with writers in this process and in another one, \
            which is killed now and then. The seed decides which faults come in which order; a failure names its own. \
            A full disk and its file system take root; elsewhere that fault is left out.

            Exit codes: 0 every promise was kept, 1 a run could not be carried out or nothing was checked, 2 a promise \
            was broken, 64 wrong arguments.
            """,
        subcommands: [Append.self])

    @Option(help: "For how many minutes; a fault that has begun is finished.")
    var minutes = 10.0

    @Option(help: "The seed of the first run; the runs that follow count up from it. Default: by chance.")
    var seed: UInt64?

    @Option(help: "End after this many faults, those that are left out among them, even if there is time left.")
    var faults: Int?

    @Option(help: "Inject faults of this kind alone; can be given several times.")
    var kind: [FaultKind] = []

    @Option(help: "Also write what was counted to this file, as JSON.")
    var json: String?

    /// After so many faults a run ends, and the next one begins with an empty log.
    private static let faultsOfARun = 20

    func validate() throws {
        guard minutes > 0 else { throw ValidationError("--minutes is more than 0") }
        guard faults ?? 1 > 0 else { throw ValidationError("--faults is 1 or more") }
    }

    func run() async throws {
        let first = seed ?? UInt64.random(in: 0 ... .max)
        let deadline = ContinuousClock.now.advanced(by: .seconds(minutes * 60))
        var report: FaultReport?
        var left = faults ?? .max
        for number in UInt64(0)... {
            let run = try await runOnce(seed: first &+ number, faults: min(left, Self.faultsOfARun), deadline)
            left -= run.faultCount + run.leftOutCount
            if report == nil { report = run } else { report? += run }
            guard left > 0, ContinuousClock.now < deadline, run.violations.isEmpty else { break }
        }
        guard let report else { return }
        print(report.markdown)
        if let json { try JSONEncoder().encode(report).write(to: URL(fileURLWithPath: json)) }
        if !report.violations.isEmpty { throw ExitCode(2) }
        if report.checked.checks == 0 {
            say("nothing was checked")
            throw ExitCode(1)
        }
    }

    private func runOnce(
        seed: UInt64, faults: Int, _ deadline: ContinuousClock.Instant
    ) async throws -> FaultReport {
        var options = FaultRun.Options(seed: seed, faults: faults, executable: "/proc/self/exe")
        say("seed \(seed)" + (options.sharesWriter ? ": the processes write through one of them" : ""))
        options.deadline = deadline
        if !kind.isEmpty { options.kinds = kind }
        return try await FaultRun.run(options) { say($0) }
    }
}

/// The process that is killed.
struct Append: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Append what lines on the input say, and answer each.", shouldDisplay: false)

    @Option(help: "The database, as a connection string.")
    var database: String

    @Option(help: "How long to wait for what, as JSON.")
    var limits: String

    func run() async throws {
        try await AppendingProcess.run(
            connectionString: database, limits: JSONDecoder().decode(RunLimits.self, from: Data(limits.utf8)))
    }
}

/// What is going on, for whoever waits.
private func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
