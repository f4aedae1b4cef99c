import EventArchive
import EventSourcing
import EventSourcingTesting
import Foundation
import Logging
import PostgresClient
import PostgresEventStore
import PostgresServer
import Support
import Testing

@Suite struct KilledSealerTests {
    private static let segments = 3

    /// The process is killed at moments spread by chance over what it writes, and where one thing ends and the next
    /// begins; then the commands for operators are tried on what is there.
    @Test func `a sealer that is killed leaves whole segments or none, and the next one goes on`() async throws {
        let seed = testSeed()
        print("kills by seed \(seed): STRATA_TEST_SEED=\(seed) ops/test --filter KilledSealerTests")
        var random = Seeded(seed)
        // A segment of these events has about 5 MB.
        var moments = (0..<6).map { _ in SealerMoment.written(bytes: .random(in: 0...6_000_000, using: &random)) }
        moments += [.still, .still, .named]
        moments.shuffle(using: &random)
        try await withTemporaryFolder { folder in
            let sealing = try await Sealing(folder: folder, events: Self.segments * 65_536 + 100)
            var kills = 0
            var verified: Set<String> = []
            for moment in moments {
                if try await sealing.runAndKill(at: moment) { kills += 1 }
                for path in try sealing.files(".segment") where verified.insert(path).inserted {
                    #expect(throws: Never.self, "seed \(seed), \(kills) kills") { try SegmentFile(path: path).verify() }
                }
            }
            #expect(kills > 0, "seed \(seed)")
            #expect(!verified.isEmpty, "seed \(seed): a check that has seen no segment says nothing of them")
            let sealed = try await sealing.strata("seal")
            #expect(sealed.status == 0, "seed \(seed): \(sealed.errors)")
            #expect(try sealing.files("").count == Self.segments, "what was left behind is gone, seed \(seed)")
            let listed = try await sealing.strata("list", "--json")
            #expect(listed.output.split(separator: "\n").count == Self.segments, "\(listed)")
            try await sealing.expectEverythingCanBeRead()
            try await tryOperatorsCommands(sealing)
        }
    }

    private func tryOperatorsCommands(_ sealing: Sealing) async throws {
        #expect(try await sealing.strata("verify").status == 0)
        #expect(try await sealing.strata("drop", "--keep", "2").status == 0)
        #expect(try await sealing.countEvents() < 2 * 65_536 + 100 + 2_000)
        try await sealing.expectEverythingCanBeRead()
        let blind = try await StrataProcess.run("events", "read", "--from", "1", "--database", sealing.database)
        #expect(blind.status == 1 && blind.errors.contains("--archive"), "\(blind)")

        let path = try #require(try sealing.files(".segment").first)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var damaged = whole
        damaged[whole.count / 2] ^= 1
        try damaged.write(to: URL(fileURLWithPath: path))
        let verified = try await sealing.strata("verify", "--json")
        #expect(verified.status == 2 && verified.output.contains("is damaged"), "\(verified)")
        try whole.write(to: URL(fileURLWithPath: path))

        #expect(try await sealing.strata("restore").status == 0)
        #expect(try await sealing.countEvents() == Self.segments * 65_536 + 100)
    }
}

/// When a sealer is killed. Each time it is at the latest once another segment has its name.
private enum SealerMoment {
    /// So much of a segment is written.
    case written(bytes: Int)
    /// Nothing more is written to what is nearly a segment: it is brought to the disk, read back or given its name.
    case still
    case named

    func isReached(bytes: Int, stillFor duration: Duration) -> Bool {
        switch self {
        case .written(let wanted): bytes >= wanted
        case .still: bytes >= 5_000_000 && duration >= .milliseconds(60)
        case .named: false
        }
    }
}

/// `strata archive` on a database with a long log.
private struct Sealing {
    let folder: URL
    let database: String
    private let events: Int

    var archive: URL { folder.appendingPathComponent("archive") }

    init(folder: URL, events: Int) async throws {
        self.folder = folder
        self.events = events
        database = try await TemporaryPostgres.database()
        _ = try await Migrator().migrate(database)
        try await run { session in
            try session.executeScript(
                """
                INSERT INTO strata.events (
                    log, schema_version, content_type, position, revision, recorded_at, event_id, correlation_id, stream,
                    type, metadata, payload
                )
                SELECT 1, 1, 0, n + 1, n / 1000, now(), gen_random_uuid(), gen_random_uuid(), 'test-' || n % 1000,
                    'Happened', '{"actor":"test"}', convert_to('{"text":"' || md5(n::text) || '"}', 'UTF8')
                FROM generate_series(0, \(events - 1)) AS n;
                UPDATE strata.logs SET head = \(events)
                """)
        }
    }

    /// - Returns: Whether it was killed before it ended by itself.
    func runAndKill(at moment: SealerMoment) async throws -> Bool {
        // What others have left behind says nothing of how far this one is.
        let old = Set(try files(""))
        let process = try StrataProcess(
            ["archive", "seal", "--database", database, "--archive", archive.path], folder: folder)
        let deadline = ContinuousClock.now.advanced(by: .seconds(120))
        var (bytes, writtenAt) = (-1, ContinuousClock.now)
        while process.isRunning {
            let new = try files("").filter { !old.contains($0) }
            let written = byteCount(of: new.filter { $0.hasSuffix(".partial") })
            if written != bytes { (bytes, writtenAt) = (written, ContinuousClock.now) }
            let isNamed = new.contains { $0.hasSuffix(".segment") }
            if isNamed || moment.isReached(bytes: bytes, stillFor: writtenAt.duration(to: .now)) { break }
            try #require(ContinuousClock.now < deadline, "the sealer neither writes nor ends")
            try await Task.sleep(for: .milliseconds(2), clock: .continuous)
        }
        guard process.isRunning else { return false }
        try await process.killAtOnce()
        return true
    }

    /// Of the largest of these files; -1 when there is none.
    private func byteCount(of paths: [String]) -> Int {
        paths.compactMap { path in try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int }.max() ?? -1
    }

    func files(_ suffix: String) throws -> [String] {
        let folder = archive.appendingPathComponent("main").path
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(suffix) }.sorted()
            .map { folder + "/" + $0 }
    }

    func strata(_ arguments: String...) async throws -> StrataProcess.Exit {
        let all = ["archive"] + arguments + ["--database", database, "--archive", archive.path]
        return try await StrataProcess.run(arguments: all)
    }

    func expectEverythingCanBeRead() async throws {
        var configuration = PostgresEventStore.Configuration(connectionString: database)
        configuration.archiveFolder = archive.path
        try await PostgresEventStore.with(configuration, logger: .init(label: "test")) { store in
            var last = Position.start
            for try await batch in store.subscribe(after: .start, pageSize: 5_000) {
                for event in batch.events {
                    #expect(event.position == last.advanced(by: 1))
                    last = event.position
                }
                if last.rawValue == events { break }
            }
        }
    }

    func countEvents() async throws -> Int {
        try await run { Int(try $0.execute("SELECT count(*) FROM strata.events").int64(0, 0)) }
    }

    private func run<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        let configuration = ConnectionConfiguration(connectionString: database, statementTimeout: nil)
        return try await PostgresConnection.with(configuration) { connection in try await connection.run(body) }
    }
}
