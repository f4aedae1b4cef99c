import EventSourcing
import Foundation
import NIOConcurrencyHelpers
import PostgresClient
import Testing

@testable import PostgresEventStore

/// Each store stands for a process: they share nothing but the database and the folder.
@Suite struct `Stores that share a writer` {
    private let folder = WriterTestFolder()

    @Test func `write through one of them, and number what all append densely`() async throws {
        let fixture = try await StoreFixture()
        let receipts = try await withStores(3, fixture) { stores in
            try await withThrowingTaskGroup(of: [AppendReceipt].self) { group in
                for writer in 0..<24 {
                    group.addTask { try await appendTen(to: stores[writer % 3]) }
                }
                let receipts = try await group.reduce(into: []) { $0 += $1 }
                #expect(try await sessionsThatWroteGroups(fixture) == 1)
                return receipts
            }
        }
        #expect(receipts.map(\.position.rawValue).sorted() == Array(1...240))
        let log = try await log(fixture)
        for receipt in receipts {
            let event = log[Int(receipt.position.rawValue) - 1]
            #expect(event.stream == receipt.streams[0].stream && event.revision == receipt.streams[0].revision)
        }
    }

    @Test func `tell each caller why its own append was refused, and accept the others`() async throws {
        let fixture = try await StoreFixture()
        try await withStores(2, fixture) { stores in
            let stream = newStream()
            for store in stores { _ = try await store.append([event()], to: newStream(), expecting: .noStream) }
            _ = try await stores[0].append([event(), event()], to: stream, expecting: .noStream)
            for store in stores {
                let error = await #expect(throws: EventStoreError.self) {
                    try await store.append([event()], to: stream, expecting: .noStream)
                }
                #expect(error?.code == .conflict && error?.conflict?.actual == Revision(rawValue: 1))
            }
        }
    }

    @Test func `find a repeat, whichever of them it comes to`() async throws {
        let fixture = try await StoreFixture()
        try await withStores(2, fixture) { stores in
            let (stream, event) = (newStream(), event())
            let first = try await stores[1].append([event], to: stream, expecting: .noStream)
            for store in stores {
                let again = try await store.append([event], to: stream, expecting: .noStream)
                #expect(again.isRepeat && again.position == first.position)
            }
        }
    }

    @Test func `keep tags, conditions and appends at any revision`() async throws {
        let fixture = try await StoreFixture()
        try await withStores(2, fixture) { stores in
            var coupon = event()
            coupon.tags = ["coupon:spring"]
            let unused = EventQuery(tagged: "coupon:spring")
            for store in stores { _ = try await store.append([event()], to: newStream(), expecting: .any) }
            _ = try await stores[1].append([coupon], to: newStream(), expecting: .noStream)
            for store in stores {
                await #expect(throws: EventStoreError.self) {
                    try await store.append(
                        [event()], to: newStream(), expecting: .noStream,
                        provided: [.noEvents(matching: unused, after: .start)])
                }
            }
        }
        #expect(try await log(fixture).filter { !$0.tags.isEmpty }.count == 1)
    }

    @Test func `go on when the one that writes stops`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore({ $0.writerFolder = folder.path }) { follower in
            try await fixture.withStore({ $0.writerFolder = folder.path }) { other in
                for store in [follower, other] { _ = try await appendTen(to: store) }
            }
            _ = try await appendTen(to: follower)
        }
        #expect(try await log(fixture).count == 30)
    }

    /// How whoever has the lock is no help.
    enum Impostor: CaseIterable { case saysNothing, isOnAnotherServer, fallsSilent }

    @Test(arguments: Impostor.allCases)
    func `write by themselves when whoever has the lock does not`(impostor: Impostor) async throws {
        let fixture = try await StoreFixture()
        let database = try await fixture.connect()
        let shared = WriterFolder(path: folder.path)
        let token = Int64.random(in: .min ... .max)
        let name = try await database.run { session in
            if impostor == .fallsSilent { try session.execute("SELECT pg_advisory_lock($1)", [.int64(token)]) }
            return try SharedWriter(folder: shared.path, log: .main).fileName(session)
        }
        try shared.prepare()
        let leadership = WriterLeadership(
            try #require(try shared.lock(name)), try FrameListener(at: shared.socketPath(name)), Greeting(token: token))
        defer { leadership.end() }
        let handed = NIOLockedValueBox(0)
        if impostor != .saysNothing { leadership.begin { _ in handed.withLockedValue { $0 += 1 } } }
        try await fixture.withStore({
            $0.writerFolder = shared.path
            // This one greets, and must have the time for it, or nothing is handed to it.
            if impostor == .fallsSilent { $0.writerPatience.appearing = .seconds(30) }
        }) { store in
            _ = try await appendTen(to: store)
            _ = try await appendTen(to: store)
        }
        #expect(try await log(fixture).map(\.position.rawValue) == Array(1...20))
        #expect(handed.withLockedValue { $0 > 0 } == (impostor == .fallsSilent))
        await database.close()
    }

    @Test func `write by themselves when others can use the folder`() async throws {
        let fixture = try await StoreFixture()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        try await fixture.withStore({ $0.writerFolder = folder.path }) { _ = try await appendTen(to: $0) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        #expect(try await log(fixture).count == 10)
    }

    // MARK: Stores

    private func withStores<R: Sendable>(
        _ count: Int, _ fixture: StoreFixture, _ opened: [PostgresEventStore] = [],
        _ body: @escaping @Sendable ([PostgresEventStore]) async throws -> R
    ) async throws -> R {
        guard opened.count < count else { return try await body(opened) }
        let path = folder.path
        return try await fixture.withStore({
            $0.writerFolder = path
            // Whoever waits in vain writes by itself from then on, and no longer through the one that writes for all.
            $0.writerPatience.appearing = .seconds(30)
            $0.writerPatience.answering = .seconds(30)
        }) { store in
            try await withStores(count, fixture, opened + [store], body)
        }
    }

    private func appendTen(to store: PostgresEventStore) async throws -> [AppendReceipt] {
        let stream = newStream()
        var receipts: [AppendReceipt] = []
        var expected = ExpectedRevision.noStream
        for _ in 0..<10 {
            receipts.append(try await store.append([event()], to: stream, expecting: expected))
            expected = .exact(receipts[receipts.count - 1].streams[0].revision)
        }
        return receipts
    }

    private func log(_ fixture: StoreFixture) async throws -> [RecordedEvent] {
        try await fixture.withStore { store in
            try await store.readLog(after: .start, .forwards, filter: .all, limit: 1_000).events
        }
    }

    /// How many sessions have written a group in one statement last, or announced it. One that hands its groups over
    /// has written under the lock, if ever.
    private func sessionsThatWroteGroups(_ fixture: StoreFixture) async throws -> Int64 {
        try await fixture.run { session in
            try session.execute(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND query ~ '^(WITH moved|SELECT pg_notify)'
                """
            ).int64(0, 0)
        }
    }
}

/// A folder that goes when the test ends. Its path is short: a socket's has little room.
private final class WriterTestFolder: Sendable {
    let path = "/tmp/strata-\(UUID().uuidString.prefix(13))"

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
