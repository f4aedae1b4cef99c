internal import PostgresEventStore

/// Appends of many events at once, beside plain inserts of as many rows.
struct Batches: Part {
    static let name = "batches"
    static let title = "Appends of 100 and 1,000 events"
    static let notes = """
        Each append goes to a new stream. Beside it `INSERT … SELECT FROM unnest` into an equal table, sent by the same \
        client library as a prepared statement with binary arrays, over as many connections as there are writers. Odd \
        rounds begin with raw PostgreSQL, and even ones with Strata.
        """

    private static let sizes = [100, 1_000]
    private static let writers = [1, 8]

    private let database: BenchDatabase
    private let window: Duration

    init(_ database: BenchDatabase, _ scale: Scale) {
        self.database = database
        window = scale.window
    }

    var goals: [Goal] {
        Self.writers.flatMap { writers in
            Self.sizes.map { size in
                Goal(
                    "\(size) events, \(counted(writers, "writer"))",
                    .ratio(Self.appends(size, writers), to: Self.inserts(size, writers)), .atLeast(0.9))
            }
        }
    }

    func measure(_ figures: inout Figures) async throws {
        for writers in Self.writers {
            for size in Self.sizes {
                if figures.isOddRound(of: Self.appends(size, writers)) {
                    try await measureRaw(size, writers, &figures)
                    try await measureAppends(size, writers, &figures)
                } else {
                    try await measureAppends(size, writers, &figures)
                    try await measureRaw(size, writers, &figures)
                }
            }
        }
    }

    private func measureRaw(_ size: Int, _ clients: Int, _ figures: inout Figures) async throws {
        try await database.settle()
        let window = Window(length: window)
        let inserted = try await RawBatches(database: database).insert(size, clients: clients, within: window)
        figures.add(Self.inserts(size, clients), .perSecond(Double(inserted.events) / window.seconds))
    }

    private func measureAppends(_ size: Int, _ writers: Int, _ figures: inout Figures) async throws {
        try await database.settle()
        figures.add(Self.appends(size, writers), .perSecond(try await append(size, writers: writers)))
    }

    private func append(_ size: Int, writers: Int) async throws -> Double {
        try await database.withStore { store in
            let window = Window(length: window)
            let tally = try await Tally.count(writers: writers, within: window) { _ in
                try await StrataWriter.appendBatches(of: size, to: store, within: window)
            }
            return Double(tally.events) / window.seconds
        }
    }

    private static func appends(_ size: Int, _ writers: Int) -> String {
        "append of \(size), " + counted(writers, "writer")
    }
    private static func inserts(_ size: Int, _ writers: Int) -> String {
        "raw unnest of \(size), " + counted(writers, "client")
    }
}
