internal import EventSourcing
internal import PostgresEventStore

/// Whether a log of 20 million events is as fast as one of a million.
struct Growth: Part {
    static let name = "growth"
    static let title = "20 million events beside 1 million"
    static let notes = """
        Two databases of one server. Streams hold ten events, and are read whole, chosen all over the log: one of the \
        small log, then one of the large log, and so on. Odd rounds begin with appends to the small log, and even ones \
        with appends to the large one.
        """
    static let isMeasuredByDefault = false

    private static let streams = 2_000

    private let small: BenchDatabase
    private let large: BenchDatabase
    private let scale: Scale

    init(_ database: BenchDatabase, _ scale: Scale) async throws {
        self.scale = scale
        large = database
        small = try await database.createBeside("bench_growth_small")
        try await Filling(database: small).fill(to: scale.smallLogEvents)
        try await Filling(database: large).fill(to: scale.largeLogEvents)
    }

    var goals: [Goal] {
        let (small, large) = (scale.smallLogEvents, scale.largeLogEvents)
        return [
            Goal("append rate", .ratio(appends(large), to: appends(small)), .atLeast(0.8)),
            Goal("stream read time", .ratio(reads(large), to: reads(small)), .atMost(1.2)),
        ]
    }

    func measure(_ figures: inout Figures) async throws {
        let both = [(small, scale.smallLogEvents), (large, scale.largeLogEvents)]
        let isSmallFirst = figures.isOddRound(of: appends(scale.largeLogEvents))
        for (database, size) in isSmallFirst ? both : both.reversed() {
            figures.add(appends(size), .perSecond(try await appendRate(database)))
        }
        for database in [small, large] { try await database.settle() }
        let (small, large) = try await readTimes()
        figures.add(reads(scale.smallLogEvents), .nanoseconds(small))
        figures.add(reads(scale.largeLogEvents), .nanoseconds(large))
    }

    private func appends(_ size: Int) -> String { "append, 32 writers, at \(size) events" }
    private func reads(_ size: Int) -> String { "read a stream: p50, at \(size) events" }

    private func appendRate(_ database: BenchDatabase) async throws -> Double {
        try await database.settle()
        return try await database.withStore { store in
            let window = Window(length: scale.window)
            let tally = try await Tally.count(writers: 32, within: window) { _ in
                try await StrataWriter.appendSingles(to: store, within: window)
            }
            return Double(tally.events) / window.seconds
        }
    }

    private func readTimes() async throws -> (small: UInt64, large: UInt64) {
        try await small.withStore { small in
            try await large.withStore { large in
                var latencies: (small: [UInt64], large: [UInt64]) = ([], [])
                for _ in 0..<Self.streams {
                    latencies.small.append(try await readTime(small))
                    latencies.large.append(try await readTime(large))
                }
                return (Percentiles(latencies.small)[50], Percentiles(latencies.large)[50])
            }
        }
    }

    /// How long it takes to read a stream.
    private func readTime(_ store: PostgresEventStore) async throws -> UInt64 {
        let before = Position(rawValue: Int64.random(in: 0..<(try await store.head().rawValue)))
        let page = try await store.readLog(after: before, .forwards, filter: .all, limit: 1)
        let stream = page.events[0].stream
        let began = Window.now
        _ = try await store.read(stream, from: nil, .forwards, limit: 1_000)
        return Window.now - began
    }
}
