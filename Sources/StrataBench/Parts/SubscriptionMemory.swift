internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import Foundation
internal import PostgresEventStore

/// The memory of a process that reads the log by subscription.
struct SubscriptionMemory: Part {
    static let name = "memory"
    static let title = "Memory of a subscription"
    static let notes = """
        A process of its own reads the log by `subscribe`, in pages of 1,000, and looks at its resident set \
        (`/proc/self/statm`) after every ten pages. The slope is a straight line laid through the second half of what \
        it saw.
        """

    private let database: BenchDatabase
    private let events: Int

    init(_ database: BenchDatabase, _ scale: Scale) async throws {
        self.database = database
        events = scale.subscribedEvents
        try await Filling(database: database).fill(to: events)
    }

    private var largest: String { "resident at most, \(counted(events, "event"))" }
    private var slope: String { "slope a million events" }

    var goals: [Goal] {
        [Goal("resident", .value(largest), .atMost(150)), Goal("slope", .value(slope), .atMost(1))]
    }

    func measure(_ figures: inout Figures) async throws {
        let samples = try await ReaderProcess.start(database, events: events)
        figures.add(largest, .megabytes(samples.largest))
        figures.add(slope, .megabytes(samples.slopePerMillion))
    }
}

/// The process whose memory is looked at.
struct ReaderProcess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reader-process", shouldDisplay: false)

    @Option var database: String
    @Option var events: Int

    static func start(_ database: BenchDatabase, events: Int) async throws -> MemorySamples {
        let output = try await Tool.run([
            CommandLine.executable, configuration.commandName ?? "", "--database", database.connectionString,
            "--events", "\(events)",
        ])
        var samples = MemorySamples()
        for line in output.split(separator: "\n") {
            let fields = line.split(separator: " ").compactMap { Double($0) }
            guard fields.count == 2 else { throw ToolFailure(tool: "strata-bench", output: output) }
            samples.add(events: fields[0], megabytes: fields[1])
        }
        return samples
    }

    func run() async throws {
        try await BenchDatabase(connectionString: database).withStore { store in
            var pages = 0
            for try await batch in store.subscribe(after: .start) {
                pages += 1
                if pages % 10 == 0 { print(batch.position.rawValue, try Self.residentMegabytes()) }
                if batch.position.rawValue >= events { break }
            }
        }
    }

    /// The second field of `/proc/self/statm` counts pages.
    private static func residentMegabytes() throws -> Double {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (fields.count > 1 ? Double(fields[1]) ?? 0 : 0) * Double(sysconf(CInt(_SC_PAGESIZE))) / 1e6
    }
}
