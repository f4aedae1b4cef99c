internal import ArgumentParser
internal import Foundation
internal import PostgresEventStore

/// Single-event appends by writers that are spread over several processes, each with a store of its own.
struct ManyProcesses: Part {
    static let name = "processes"
    static let title = "Single-event appends, 4 processes"
    static let notes = """
        32 writers, 8 in each of 4 processes, which count what is answered within one window of the machine's clock. \
        Beside it pgbench as for one process.
        """

    private static let processes = 4
    private static let writersEach = 8

    private let database: BenchDatabase
    private let window: Duration

    init(_ database: BenchDatabase, _ scale: Scale) {
        self.database = database
        window = scale.window
    }

    var goals: [Goal] {
        [
            Goal(
                "32 writers", .ratio("append, 4 processes of 8 writers", to: "raw insert, 32 clients"), .atLeast(2))
        ]
    }

    func measure(_ figures: inout Figures) async throws {
        try await database.settle()
        let raw = try await Pgbench(database: database, window: window).singleInserts(clients: 32)
        figures.add("raw insert, 32 clients", .perSecond(raw.insertsPerSecond))
        try await database.settle()
        let window = Window(after: .seconds(2), length: window)
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<Self.processes {
                group.addTask { try await WriterProcess.start(database, writers: Self.writersEach, within: window) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        figures.add(
            "append, 4 processes of 8 writers", .perSecond(Double(counts.reduce(0, +)) / window.seconds))
    }
}

/// One of the processes that the writers are spread over.
struct WriterProcess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "writer-process", shouldDisplay: false)

    @Option var database: String
    @Option var writers: Int
    /// Nanoseconds of the monotonic clock.
    @Option var start: UInt64
    @Option var end: UInt64

    /// Starts this program as such a process.
    ///
    /// - Returns: How many events it wrote within the window.
    static func start(_ database: BenchDatabase, writers: Int, within window: Window) async throws -> Int {
        let output = try await Tool.run([
            CommandLine.executable, configuration.commandName ?? "", "--database", database.connectionString,
            "--writers",
            "\(writers)", "--start", "\(window.start)", "--end", "\(window.end)",
        ])
        guard let count = Int(output.trimmed) else { throw ToolFailure(tool: "strata-bench", output: output) }
        return count
    }

    func run() async throws {
        let window = Window(start: start, end: end)
        let tally = try await BenchDatabase(connectionString: database).withStore { store in
            try await Tally.count(writers: writers, within: window) { _ in
                guard Window.now < window.start else { throw ValidationError("Started after the window.") }
                return try await StrataWriter.appendSingles(to: store, within: window)
            }
        }
        print(tally.events)
    }
}
