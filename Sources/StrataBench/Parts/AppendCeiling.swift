internal import Foundation
internal import PostgresEventStore

/// How near single-event appends come to what the machine can do.
struct AppendCeiling: Part {
    static let name = "limits"
    static let title = "What limits single-event appends"
    static let notes = """
        *Ready groups*: statements that move the head and add events, as an append's do, all of them made before, three \
        always on their way over one connection, and nobody to answer. Whatever holds a log's lock for a group and its \
        flush can do no more. Half of 32 writers are 16, while the other half is answered; a group has 128 appends at most. \
        *A flush* is how long the server writes and flushes its log for a group (`pg_stat_wal`), and waits. *Processor \
        time* is what this process and all of the server's have used while appends were counted, for each append; *idle* \
        is what is left of all processors.
        """

    private static let sizes = [16, 32, 128]
    /// How many there are, and how large the groups are that they come in when all goes well.
    private static let writers = [(count: 32, group: 16), (count: 512, group: 128)]

    private let database: BenchDatabase
    private let window: Duration

    init(_ database: BenchDatabase, _ scale: Scale) async throws {
        self.database = database
        window = scale.window
        try await Flushes.measure(in: database)
    }

    var goals: [Goal] {
        Self.writers.map { writers in
            Goal(
                "\(writers.count) writers beside ready groups of \(writers.group)",
                .ratio("append, \(writers.count) writers", to: Self.readyGroups(of: writers.group)), .atLeast(0.7))
        }
    }

    func measure(_ figures: inout Figures) async throws {
        try await database.settle()
        let raw = try await Pgbench(database: database, window: window).singleInserts(clients: 32).insertsPerSecond
        figures.add("raw insert, 32 clients", .perSecond(raw))
        for size in Self.sizes {
            try await database.settle()
            let total = Int(40_000 * window.seconds)
            let ready = try await OneSession(database: database).append(groupsOf: size, total: total)
            figures.add(Self.readyGroups(of: size), .perSecond(ready))
            figures.add("\(Self.readyGroups(of: size)), beside raw inserts", .times(ready / raw))
        }
        for writers in Self.writers {
            try await database.settle()
            try await append(writers: writers.count, &figures)
        }
    }

    private func append(writers: Int, _ figures: inout Figures) async throws {
        try await Flushes.reset(database)
        let (tally, seconds, time) = try await append(writers: writers)
        let flushes = try await Flushes.load(database)
        let rate = Double(tally.events) / seconds
        let name = "append, \(writers) writers"
        figures.add(name, .perSecond(rate))
        if flushes.count > 0 {
            figures.add("\(name): a flush", .microseconds(flushes.microseconds / Double(flushes.count)))
        }
        let each = 1_000_000 / Double(max(1, tally.events))
        figures.add("\(name): processor time of the server", .microseconds(time.server * each))
        figures.add("\(name): processor time of the store and its callers", .microseconds(time.store * each))
        let processors = Double(ProcessInfo.processInfo.activeProcessorCount)
        let busy = (time.server + time.store) / (seconds * processors)
        figures.add("\(name): processors idle", .percent(max(0, 1 - busy) * 100))
    }

    private func append(writers: Int) async throws -> (Tally, seconds: Double, time: ProcessorTime) {
        try await database.withStore { store in
            let window = Window(length: window)
            async let time = ProcessorTime.spent(within: window, database)
            let tally = try await Tally.count(writers: writers, within: window) { _ in
                try await StrataWriter.appendSingles(to: store, within: window)
            }
            return (tally, window.seconds, try await time)
        }
    }

    private static func readyGroups(of size: Int) -> String { "ready groups of \(size), one session" }
}
