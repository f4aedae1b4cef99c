internal import EventSourcing
internal import PostgresEventStore

/// Whether a log of 20 million events is as fast as one of a million.
struct Growth: Part {
    static let name = "growth"
    static let title = "20 million events beside 1 million"
    static let notes = """
        One database, grown by `EventImport` between the two measurements, which are of the medians of the rounds at \
        one size. Streams hold ten events, and are read whole, one after the other, chosen all over the log.
        """
    static let isMeasuredByDefault = false

    private static let streams = 2_000

    private let database: BenchDatabase
    private let scale: Scale
    private let sizes: [Int]

    init(_ database: BenchDatabase, _ scale: Scale) {
        self.database = database
        self.scale = scale
        sizes = scale.grownEvents
    }

    var goals: [Goal] {
        let (small, large) = (sizes[0], sizes[1])
        return [
            Goal("append rate", .ratio(appends(large), to: appends(small)), .atLeast(0.8)),
            Goal("stream read time", .ratio(reads(large), to: reads(small)), .atMost(1.2)),
        ]
    }

    /// All rounds at one size before the next: a log does not shrink.
    static let hasRoundsOfItsOwn = true

    func measure(_ figures: inout Figures) async throws {
        for size in sizes {
            try await Filling(database: database).fill(to: size)
            for _ in 0..<scale.rounds {
                figures.add(appends(size), .perSecond(try await appendRate()))
                figures.add(reads(size), .nanoseconds(try await readTime()))
            }
        }
    }

    private func appends(_ size: Int) -> String { "append, 32 writers, at \(size) events" }
    private func reads(_ size: Int) -> String { "read a stream: p50, at \(size) events" }

    private func appendRate() async throws -> Double {
        try await database.settle()
        return try await database.withStore { store in
            let window = Window(length: scale.window)
            let tally = try await Tally.count(writers: 32, within: window) { _ in
                try await StrataWriter.appendSingles(to: store, within: window)
            }
            return Double(tally.events) / window.seconds
        }
    }

    private func readTime() async throws -> UInt64 {
        try await database.withStore { store in
            let head = try await store.head()
            var latencies: [UInt64] = []
            for _ in 0..<Self.streams {
                let before = Position(rawValue: Int64.random(in: 0..<head.rawValue))
                let page = try await store.readLog(after: before, .forwards, filter: .all, limit: 1)
                guard let stream = page.events.first?.stream else { continue }
                let began = Window.now
                _ = try await store.read(stream, from: nil, .forwards, limit: 1_000)
                latencies.append(Window.now - began)
            }
            return Percentiles(latencies)[50]
        }
    }
}
