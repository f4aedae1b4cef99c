/// One part of the benchmark: what is measured, beside what, and what is to be reached.
protocol Part: Sendable {
    /// What `--only` takes.
    static var name: String { get }
    static var title: String { get }
    /// How it is measured, for the report.
    static var notes: String { get }
    static var isMeasuredByDefault: Bool { get }

    /// Makes ready what all rounds need.
    init(_ database: BenchDatabase, _ scale: Scale) async throws
    var goals: [Goal] { get }
    /// Measures everything once: Strata and what it is held against.
    func measure(_ figures: inout Figures) async throws
    /// Removes what it has made outside its database.
    func finish()
}

extension Part {
    static var isMeasuredByDefault: Bool { true }
    func finish() {}
}

/// All parts, in the order of the report.
enum Parts {
    static let all: [any Part.Type] = [
        SingleAppends.self, AppendCeiling.self, ManyProcesses.self, Batches.self, Import.self, ReadLog.self,
        ReadSegments.self,
        SubscriptionMemory.self, Growth.self, ManyLogs.self, Decoding.self, Peers.self,
    ]

    static var names: String { all.map { $0.name }.joined(separator: ", ") }
}

/// How much is measured.
struct Scale: Sendable {
    var rounds: Int
    /// How long appends are measured.
    var window: Duration
    /// Events in a log that is read.
    var logEvents = 1_000_000
    /// Events that a subscription reads whose memory is watched.
    var subscribedEvents = 1_000_000
    /// Events in the two logs by which growth is measured.
    var smallLogEvents = 1_000_000
    var largeLogEvents = 20_000_000

    static let quick = Scale(
        rounds: 1, window: .seconds(1), logEvents: 100_000, subscribedEvents: 100_000, smallLogEvents: 50_000,
        largeLogEvents: 200_000)
}
