internal import EventSourcing
internal import PostgresEventStore

/// The whole log through the public API, beside `COPY` of the same rows.
struct ReadLog: Part {
    static let name = "read"
    static let title = "Reading the log"
    static let notes = """
        The whole log by `subscribe`, in pages of 2,000, beside `psql` that throws away the output of \
        `COPY (SELECT … ORDER BY position) TO STDOUT (FORMAT binary)`. A subscription has two sessions of the server at work; \
        what two `psql` at once copy out, half of the log each, is what the machine allows for that.
        """

    static let subscribed = "subscribe"
    static let copied = "COPY TO STDOUT binary, by position"
    private static let copiedByTwo = "COPY by two sessions at once, half of the log each"

    private let database: BenchDatabase
    private let events: Int

    init(_ database: BenchDatabase, _ scale: Scale) async throws {
        self.database = database
        events = scale.logEvents
        try await Filling(database: database).fill(to: events)
    }

    var goals: [Goal] { [Goal("the public API", .ratio(Self.subscribed, to: Self.copied), .atLeast(1.2))] }

    func measure(_ figures: inout Figures) async throws {
        let copied = try await ContinuousClock().measure { try await copyLog(after: 0, through: events) }
        figures.add(Self.copied, .perSecond(Double(events) / copied.seconds))
        figures.add(Self.subscribed, .perSecond(try await Self.rate(database)))
        let copiedByTwo = try await ContinuousClock().measure {
            async let first: Void = copyLog(after: 0, through: events / 2)
            try await copyLog(after: events / 2, through: events)
            try await first
        }
        figures.add(Self.copiedByTwo, .perSecond(Double(events) / copiedByTwo.seconds))
    }

    private func copyLog(after first: Int, through last: Int) async throws {
        let copy = """
            COPY (
                SELECT * FROM strata.events WHERE log = 1 AND position > \(first) AND position <= \(last)
                ORDER BY log, position
            ) TO STDOUT (FORMAT binary)
            """
        _ = try await Tool.run(["psql", "-q", "-o", "/dev/null", "-c", copy, database.connectionString])
    }

    /// How many events a second a subscription reads, from the log's beginning to its end.
    static func rate(_ database: BenchDatabase) async throws -> Double {
        try await database.withStore { store in
            let head = try await store.head()
            let began = Window.now
            for try await batch in store.subscribe(after: .start, pageSize: 2_000) where batch.position >= head {
                break
            }
            return Double(head.rawValue) / (Double(Window.now - began) / 1e9)
        }
    }
}
