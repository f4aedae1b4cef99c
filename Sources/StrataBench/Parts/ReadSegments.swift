internal import EventSourcing
internal import Foundation
internal import PostgresEventStore

/// Sealed ranges of the log through the public API, beside `COPY` of the same rows; and appends while ranges are
/// dropped.
struct ReadSegments: Part {
    static let name = "segments"
    static let title = "Cold segments"
    static let notes = """
        The sealed part of the log by `subscribe`, four times in pages of 2,000, beside `psql` that throws away the output of \
        `COPY (SELECT … ORDER BY position) TO STDOUT (FORMAT binary)` of the same rows. Then appends of single events \
        by 32 writers, alone and while segments are dropped one after the other, from the first deleted events on.
        """

    private static let subscribed = "subscribe, from segments"
    private static let filtered = "subscribe to a type that is not there, from segments"
    private static let copied = "COPY TO STDOUT binary, by position, sealed rows"
    private static let dropping = "dropping beside appends"
    private static let alone = "append, 32 writers"
    private static let beside = "append, 32 writers, while segments are dropped"
    private static let writers = 32
    /// A million events are read too fast to be measured once.
    private static let passes = 4

    private let database: BenchDatabase
    private let window: Duration
    private let archiveFolder = TemporaryFolder()
    private let sealedThrough: Int64

    init(_ database: BenchDatabase, _ scale: Scale) async throws {
        self.database = database
        window = scale.window
        try await Filling(database: database).fill(to: scale.logEvents)
        let archive = PostgresArchive(connectionString: database.connectionString, folder: archiveFolder.path)
        while try await archive.sealNext() != nil {}
        sealedThrough = try await archive.segments().last?.last.rawValue ?? 0
    }

    var goals: [Goal] {
        [
            Goal("the public API, from segments", .ratio(Self.subscribed, to: Self.copied), .atLeast(10)),
            Goal("appends while segments are dropped", .ratio(Self.beside, to: Self.alone), .atLeast(0.9)),
        ]
    }

    func measure(_ figures: inout Figures) async throws {
        let clock = ContinuousClock()
        let copied = try await clock.measure { try await copyLog() }
        figures.add(Self.copied, .perSecond(Double(sealedThrough) / copied.seconds))
        let subscribed = try await clock.measure { for _ in 0..<Self.passes { try await subscribe(.all) } }
        figures.add(Self.subscribed, .perSecond(Double(Self.passes) * Double(sealedThrough) / subscribed.seconds))
        let filtered = try await clock.measure { try await subscribe(EventFilter(types: ["Unheard"])) }
        figures.add(Self.filtered, .perSecond(Double(sealedThrough) / filtered.seconds))
        try await database.settle()
        figures.add(Self.alone, .perSecond(try await appendsPerSecond()))
        try await measureDropping(&figures)
    }

    private func copyLog() async throws {
        let copy = """
            COPY (SELECT * FROM strata.events WHERE position <= \(sealedThrough) ORDER BY log, position)
            TO STDOUT (FORMAT binary)
            """
        _ = try await Tool.run(["psql", "-q", "-o", "/dev/null", "-c", copy, database.connectionString])
    }

    private func subscribe(_ filter: EventFilter) async throws {
        try await database.withStore(archiveFolder: archiveFolder.path) { store in
            for try await batch in store.subscribe(after: .start, filter: filter, pageSize: 2_000)
            where batch.position.rawValue >= sealedThrough { break }
        }
    }

    private func appendsPerSecond() async throws -> Double {
        try await database.withStore(archiveFolder: archiveFolder.path) { store in
            let window = Window(length: window)
            let tally = try await Tally.count(writers: Self.writers, within: window) { _ in
                try await StrataWriter.appendSingles(to: store, within: window)
            }
            return Double(tally.events) / window.seconds
        }
    }

    /// Drops everything while appends go on, and puts it back for the next round.
    private func measureDropping(_ figures: inout Figures) async throws {
        try await database.settle()
        let archive = PostgresArchive(connectionString: database.connectionString, folder: archiveFolder.path)
        let segments = try await archive.segments()
        let (deletes, hasDeleted) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let dropped = Task {
            defer { hasDeleted.finish() }
            var count = 0
            let began = ContinuousClock.now
            for segment in segments where !Task.isCancelled {
                // In a task of its own: one that has begun is dropped to its end.
                try await Task { try await archive.drop(segment) { _ in hasDeleted.yield() } }.value
                count += Int(segment.last.rawValue - segment.first.rawValue) + 1
            }
            return Double(count) / began.duration(to: .now).seconds
        }
        // A segment is read and compared before its events are deleted, which is what appends might notice.
        for await _ in deletes { break }
        figures.add(Self.beside, .perSecond(try await appendsPerSecond()))
        dropped.cancel()
        figures.add(Self.dropping, .perSecond(try await dropped.value))
        for segment in try await archive.segments().filter({ !$0.isInDatabase }).reversed() {
            try await archive.restore(segment)
        }
    }
}

/// A folder that is gone when nobody uses it any more.
private final class TemporaryFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("strata-bench-\(UUID())").path

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
