internal import EventSourcing
internal import Logging
internal import PostgresEventStore

/// Single-event appends to one, two and four logs of one server, by writers of one process.
struct ManyLogs: Part {
    static let name = "logs"
    static let title = "Single-event appends to several logs of one server"
    static let notes = """
        As with one log, but the writers are divided among the logs. Each log has a queue, a connection and a head of its \
        own; the processors, the disk and the server are shared.
        """

    private static let counts = [1, 2, 4]
    private static let writers = [32, 512]

    private let database: BenchDatabase
    private let layout: LogLayout
    private let window: Duration

    init(_ database: BenchDatabase, _ scale: Scale) async throws {
        self.database = database
        layout = LogLayout(
            mainDatabase: database.connectionString, logs: Set((1...4).compactMap { LogName(rawValue: "log-\($0)") }),
            routing: LogRouting(default: "log-1"))
        window = scale.window
        _ = try await layout.migrate()
    }

    var goals: [Goal] { [] }

    func measure(_ figures: inout Figures) async throws {
        for writers in Self.writers {
            for count in Self.counts {
                try await database.settle()
                let tally = try await append(writers: writers, logs: count)
                let name = "append, \(writers) writers, " + counted(count, "log")
                figures.add(name, .perSecond(Double(tally.events) / window.seconds))
                let percentiles = Percentiles(tally.latencies)
                figures.add("\(name): p50", .nanoseconds(percentiles[50]))
                figures.add("\(name): p99", .nanoseconds(percentiles[99]))
            }
        }
    }

    private func append(writers: Int, logs count: Int) async throws -> Tally {
        let logs = try await layout.open(logger: Logger(label: "strata-bench")).logs.prefix(count)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for log in logs { group.addTask { try await log.run() } }
            defer { group.cancelAll() }
            let window = Window(length: window)
            return try await Tally.count(writers: writers, within: window) { writer in
                try await StrataWriter.appendSingles(to: logs[writer % count], within: window)
            }
        }
    }
}
