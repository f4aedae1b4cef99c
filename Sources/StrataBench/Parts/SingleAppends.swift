internal import EventSourcing
internal import PostgresEventStore

/// Single-event appends by writers of one process, and how long one takes.
struct SingleAppends: Part {
    static let name = "single"
    static let title = "Single-event appends, one process"
    static let notes = """
        Each writer is a task that appends one event of 240 bytes and waits for the answer, to new streams of ten \
        events each, at exact revisions. Beside it `pgbench -M prepared`: one row and one commit at a time into an \
        equal table with equal indexes. Odd rounds begin with raw PostgreSQL, and even ones with Strata.
        """

    private static let clients = [1, 8, 32]
    private static let writers = [1, 8, 32, 128, 512]

    private let database: BenchDatabase
    private let window: Duration

    init(_ database: BenchDatabase, _ scale: Scale) {
        self.database = database
        window = scale.window
    }

    var goals: [Goal] {
        [
            Goal("32 writers", .ratio("append, 32 writers", to: "raw insert, 32 clients"), .atLeast(3)),
            Goal("512 writers", .ratio("append, 512 writers", to: "raw insert, 32 clients"), .atLeast(6)),
            Goal(
                "latency at 32 writers: p99 beside p50",
                .ratio("append, 32 writers: p99", to: "append, 32 writers: p50"), .atMost(5)),
            Goal(
                "latency at 1 writer: p50 beside a raw commit's",
                .ratio("append, 1 writer: p50", to: "raw insert, 1 client: p50"), .atMost(2)),
        ]
    }

    func measure(_ figures: inout Figures) async throws {
        if figures.isOddRound(of: "append, 32 writers") {
            try await measureRaw(&figures)
            try await measureAppends(&figures)
        } else {
            try await measureAppends(&figures)
            try await measureRaw(&figures)
        }
    }

    private func measureRaw(_ figures: inout Figures) async throws {
        let pgbench = Pgbench(database: database, window: window)
        for clients in Self.clients {
            try await database.settle()
            let outcome = try await pgbench.singleInserts(clients: clients)
            let name = "raw insert, " + counted(clients, "client")
            figures.add(name, .perSecond(outcome.insertsPerSecond))
            if clients == 1 { figures.add("\(name): p50", .nanoseconds(Percentiles(outcome.latencies)[50])) }
        }
    }

    private func measureAppends(_ figures: inout Figures) async throws {
        for writers in Self.writers {
            try await database.settle()
            let (tally, seconds) = try await append(writers: writers)
            let name = "append, " + counted(writers, "writer")
            figures.add(name, .perSecond(Double(tally.events) / seconds))
            figures.add(latencies: tally.latencies, of: name)
        }
    }

    private func append(writers: Int) async throws -> (Tally, seconds: Double) {
        try await database.withStore { store in
            let window = Window(length: window)
            let tally = try await Tally.count(writers: writers, within: window) { _ in
                try await StrataWriter.appendSingles(to: store, within: window)
            }
            return (tally, window.seconds)
        }
    }
}

extension Figures {
    fileprivate mutating func add(latencies: [UInt64], of name: String) {
        let percentiles = Percentiles(latencies)
        for percent in [50, 99, 99.9] {
            add("\(name): p\(percent == 99.9 ? "99.9" : "\(Int(percent))")", .nanoseconds(percentiles[percent]))
        }
        add("\(name): max", .nanoseconds(percentiles.max))
    }
}
