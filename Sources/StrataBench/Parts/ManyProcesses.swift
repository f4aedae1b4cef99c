internal import ArgumentParser
internal import Foundation
internal import PostgresEventStore

/// Single-event appends by writers that are spread over several processes, each with a store of its own.
struct ManyProcesses: Part {
    static let name = "processes"
    static let title = "Single-event appends, 4 processes"
    static let notes = """
        32 writers, 8 in each of 4 processes, which count what is answered within one window of the machine's clock. \
        The processes share a folder (`writerFolder`), and so write through one of them; and once more each by itself, \
        in turns at the log's lock. Beside it pgbench as for one process.
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
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("strata-writer-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        figures.add("append, 4 processes of 8 writers", .perSecond(try await append(writerFolder: folder)))
        figures.add(
            "append, 4 processes of 8 writers, each by itself", .perSecond(try await append(writerFolder: nil)))
    }

    private func append(writerFolder: String?) async throws -> Double {
        try await database.settle()
        let window = Window(after: .seconds(2), length: window)
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<Self.processes {
                group.addTask {
                    try await WriterProcess.start(
                        database, writers: Self.writersEach, writerFolder: writerFolder, within: window)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        return Double(counts.reduce(0, +)) / window.seconds
    }
}

/// One of the processes that the writers are spread over.
struct WriterProcess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "writer-process", shouldDisplay: false)

    @Option var database: String
    @Option var writers: Int
    @Option var writerFolder: String?
    /// Nanoseconds of the monotonic clock.
    @Option var start: UInt64
    @Option var end: UInt64

    /// Starts this program as such a process.
    ///
    /// - Returns: How many events it wrote within the window.
    static func start(
        _ database: BenchDatabase, writers: Int, writerFolder: String?, within window: Window
    ) async throws -> Int {
        let output = try await Tool.run(
            [
                CommandLine.executable, configuration.commandName ?? "", "--database", database.connectionString,
                "--writers", "\(writers)", "--start", "\(window.start)", "--end", "\(window.end)",
            ] + (writerFolder.map { ["--writer-folder", $0] } ?? []))
        guard let count = Int(output.trimmed) else { throw ToolFailure(tool: "strata-bench", output: output) }
        return count
    }

    func run() async throws {
        let window = Window(start: start, end: end)
        let database = BenchDatabase(connectionString: database)
        let tally = try await database.withStore(writerFolder: writerFolder) { store in
            try await Tally.count(writers: writers, within: window) { _ in
                guard Window.now < window.start else { throw ValidationError("Started after the window.") }
                return try await StrataWriter.appendSingles(to: store, within: window)
            }
        }
        print(tally.events)
    }
}
