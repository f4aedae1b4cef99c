import EventSourcing
import Logging
import NIOConcurrencyHelpers
import PostgresClient
import PostgresServer
import Support
import Testing

@testable import PostgresEventStore

@Suite struct `A database that does not fit` {
    @Test func `because it only reads is waited for, and then said; it is still read`() async throws {
        let fixture = try await StoreFixture()
        let stream = newStream()
        try await fixture.withStore { store in
            _ = try await store.append([event()], to: stream, expecting: .noStream)
        }
        try await execute(setting("default_transaction_read_only = on"), on: fixture)
        try await fixture.withStore({ $0.appendPatience = .milliseconds(300) }) { store in
            await expect(.unavailable, "cannot be written to at the moment") { () async throws(EventStoreError) in
                _ = try await store.append([event()], to: stream, expecting: .any)
            }
            #expect(try await store.readAll(stream).count == 1)
            #expect(try await store.head() == Position(rawValue: 1))
            try await store.verify()
        }
        // An append that waits is written when the database takes writes again.
        try await fixture.withStore { store in
            let waiting = Task { try await store.append([event()], to: stream, expecting: .any) }
            try await execute(
                "SET default_transaction_read_only = off", setting("default_transaction_read_only = off"), on: fixture)
            #expect(try await waiting.value.position == Position(rawValue: 2))
        }
    }

    @Test(arguments: ["off", "local", "on"])
    func `because it acknowledges what a crash loses is written to, and said`(_ commits: String) async throws {
        let fixture = try await StoreFixture()
        try await execute(setting("synchronous_commit = \(commits)"), on: fixture)
        let lines = NIOLockedValueBox<[String]>([])
        let logger = Logger(label: "test") { _ in LineHandler(lines: lines) }
        try await PostgresEventStore.with(.init(connectionString: fixture.connectionString), logger: logger) { store in
            for _ in 0..<3 { _ = try await store.append([event()], to: newStream(), expecting: .any) }
        }
        let said = lines.withLockedValue { $0 }.filter { $0.contains("loses appends that were acknowledged") }
        #expect(said.count == (commits == "off" ? 1 : 0))
    }

    @Test func `because it is older is told by appends and reads, and changed by neither`() async throws {
        let database = try await TemporaryPostgres.database()
        for count in [2, 6, 11] {
            _ = try await Migrator(migrations: Array(Migration.all.prefix(count))).migrate(database)
            try await expectIncompatible(database)
        }
        _ = try await Migrator().migrate(database)
        try await PostgresEventStore.with(.init(connectionString: database), logger: quiet) { store in
            try await store.verify()
            _ = try await store.append([event()], to: newStream(), expecting: .noStream)
        }
    }

    @Test func `because it is newer is told before it is used`() async throws {
        let database = try await TemporaryPostgres.database()
        let next = Migration(number: 9_999, name: "next", sql: "SELECT 1")
        _ = try await Migrator(migrations: Migration.all + [next]).migrate(database)
        try await PostgresEventStore.with(.init(connectionString: database), logger: quiet) { store in
            await expect(.incompatibleSchema, "older than the database") { () async throws(EventStoreError) in
                try await store.verify()
            }
        }
    }

    @Test(arguments: [
        "DROP TABLE strata.event_tags", "ALTER TABLE strata.events DROP COLUMN tags CASCADE",
        "DROP TABLE strata.logs CASCADE", "DELETE FROM strata.logs",
        "REVOKE ALL ON strata.events FROM strata_application", "DROP SCHEMA strata CASCADE",
    ])
    func `because half of it is missing is told from an append that cannot be taken`(_ sql: String) async throws {
        let fixture = try await StoreFixture()
        try await execute(sql, on: fixture)
        try await fixture.withStore { store in
            var tagged = event()
            tagged.tags = ["a"]
            let event = tagged
            await expect(.incompatibleSchema, "strata migrate") { () async throws(EventStoreError) in
                _ = try await store.append([event], to: newStream(), expecting: .noStream)
            }
            await expect(.incompatibleSchema, "strata migrate") { () async throws(EventStoreError) in
                _ = try await store.readLog(
                    after: nil, .forwards, filter: EventFilter(query: EventQuery(tagged: "a")), limit: 1)
            }
        }
    }

    /// The connection is lost under the first try, and the second one comes to a schema without what it needs.
    @Test func `because half of it is missing does not hide that an append may have been recorded`() async throws {
        let fixture = try await StoreFixture()
        try await fixture.withStore { store in
            let owner = try await fixture.connect(as: nil)
            let lock = try await HeadLock(fixture.connectionString)
            let append = Task { try await store.append([event()], to: newStream(), expecting: .any) }
            try await lock.waitForWriter()
            let writer = try await owner.run { session in
                try session.execute(
                    """
                    SELECT pid FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                ).int32(0, 0)
            }
            try await owner.run { session in
                try session.executeScript("REVOKE ALL ON strata.events FROM strata_application")
                _ = try session.execute("SELECT pg_terminate_backend($1)", [.int32(writer)])
            }
            try await eventually {
                try await owner.run { session in
                    try session.execute(
                        "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", [.int32(writer)]
                    ).bool(0, 0)
                }
            }
            try await lock.release()
            await expectError(.unavailable, "Send the same append again") { _ = try await append.value }
            await owner.close()
        }
    }

    private let quiet = StoreFixture.logger

    private func setting(_ setting: String) -> String {
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \(setting)', current_database()); END $$"
    }

    private func execute(_ statements: String..., on fixture: StoreFixture) async throws {
        try await fixture.run { session in
            for sql in statements { try session.executeScript(sql) }
        }
    }

    private func expectIncompatible(_ database: String) async throws {
        try await PostgresEventStore.with(.init(connectionString: database), logger: quiet) { store in
            await expect(.incompatibleSchema, "strata migrate") { () async throws(EventStoreError) in
                try await store.verify()
            }
            await expect(.incompatibleSchema, "strata migrate") { () async throws(EventStoreError) in
                _ = try await store.append([event()], to: newStream(), expecting: .noStream)
            }
            await expect(.incompatibleSchema, "strata migrate") { () async throws(EventStoreError) in
                _ = try await store.readLog(after: nil, .forwards, filter: .all, limit: 1)
            }
        }
    }

    private func expect(
        _ code: EventStoreError.Code, _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws(EventStoreError) -> Void
    ) async {
        do throws(EventStoreError) {
            try await body()
            Issue.record("it was accepted", sourceLocation: sourceLocation)
        } catch {
            #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
            #expect(error.message.contains(words), "\(error)", sourceLocation: sourceLocation)
        }
    }
}
