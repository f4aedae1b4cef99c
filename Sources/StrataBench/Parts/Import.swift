internal import EventSourcing
internal import PostgresEventStore

/// An import beside plain inserts.
struct Import: Part {
    static let name = "import"
    static let title = "Importing events"
    static let notes = """
        `EventImport`, which `strata events import` uses, with events that are made in memory, in transactions of \
        10,000; without reading a file. Beside it `INSERT … SELECT FROM unnest` of as many rows, 1,000 at a time, into an \
        equal table over one connection, as an import has one.
        """

    private let database: BenchDatabase
    private let scale: Scale

    init(_ database: BenchDatabase, _ scale: Scale) {
        self.database = database
        self.scale = scale
    }

    var goals: [Goal] {
        [Goal(counted(scale.logEvents, "event"), .ratio("import", to: "raw unnest of 1000, 1 client"), .atLeast(1.2))]
    }

    func measure(_ figures: inout Figures) async throws {
        let inserted = try await RawBatches(database: database).insert(1_000, total: scale.logEvents)
        figures.add("raw unnest of 1000, 1 client", .perSecond(inserted))
        let head = try await database.withStore { store in try await store.head().rawValue }
        let rate = try await Filling(database: database).fill(to: Int(head) + scale.logEvents)
        figures.add("import", .perSecond(rate))
    }
}
