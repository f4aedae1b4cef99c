internal import EventSourcing
internal import PostgresClient
internal import PostgresEventStore

/// An import beside plain inserts, and beside a plain `COPY`.
struct Import: Part {
    static let name = "import"
    static let title = "Importing events"
    static let notes = """
        `EventImport`, which `strata events import` uses, with events that are made in memory, in transactions of \
        10,000; without reading a file. Beside it `INSERT … SELECT FROM unnest` of as many rows, 1,000 and a commit \
        at a time, into an equal table over one connection, as an import has one. An import copies rows in, which \
        that does not: so there is also `COPY … FROM STDIN` (binary) of as many rows, 10,000 and a commit at a time, \
        each batch made while the one before it is written. It is the most that one session can do, and no goal. Odd \
        rounds begin with raw PostgreSQL, and even ones with Strata.
        """

    private static let imported = "import"
    private static let inserted = "raw unnest of 1000, 1 client"
    private static let copied = "raw COPY (binary, 10,000 rows a commit), 1 client"

    private let database: BenchDatabase
    private let scale: Scale

    init(_ database: BenchDatabase, _ scale: Scale) {
        self.database = database
        self.scale = scale
    }

    var goals: [Goal] {
        [Goal(counted(scale.logEvents, "event"), .ratio(Self.imported, to: Self.inserted), .atLeast(1.2))]
    }

    func measure(_ figures: inout Figures) async throws {
        if figures.isOddRound(of: Self.imported) {
            try await measureRaw(&figures)
            try await measureImport(&figures)
        } else {
            try await measureImport(&figures)
            try await measureRaw(&figures)
        }
    }

    private func measureRaw(_ figures: inout Figures) async throws {
        try await database.settle()
        let inserted = try await RawBatches(database: database).insert(1_000, total: scale.logEvents)
        figures.add(Self.inserted, .perSecond(inserted))
        try await database.settle()
        let copied = try await RawCopy(database: database).copy(10_000, total: scale.logEvents)
        figures.add(Self.copied, .perSecond(copied))
        // As the log's table is: else the server does it by itself, in the middle of what is measured next.
        try await database.run { session in
            for table in ["raw.events", "raw.copied"] { try session.executeScript("VACUUM ANALYZE \(table)") }
        }
    }

    private func measureImport(_ figures: inout Figures) async throws {
        let head = try await database.withStore { store in try await store.head().rawValue }
        try await database.settle()
        let rate = try await Filling(database: database).fill(to: Int(head) + scale.logEvents)
        figures.add(Self.imported, .perSecond(rate))
    }
}
