import EventSourcing
import Logging
import PostgresClient
import PostgresServer
import Testing

@testable import PostgresEventStore

@Suite struct MigratorTests {
    @Test func `several processes may migrate one database at once`() async throws {
        let database = try await TemporaryPostgres.database()
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 { group.addTask { try await Migrator().migrate(database).applied.count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(applied.sorted() == [0, 0, 0, Migration.all.count])
    }

    @Test func `a database that is newer than the program is refused`() async throws {
        let database = try await TemporaryPostgres.database()
        _ = try await Migrator().migrate(database)
        let older = Migrator(migrations: Migration.all.dropLast())
        await expectIncompatible("older than the database") { _ = try await older.migrate(database) }
    }

    @Test func `a database that another program migrated is refused`() async throws {
        let database = try await TemporaryPostgres.database()
        _ = try await Migrator(migrations: [Migration(number: 1, name: "theirs", sql: "SELECT 1")]).migrate(database)
        await expectIncompatible("another program") { _ = try await Migrator().migrate(database) }
    }

    @Test func `a database without the schema is told from a broken one`() async throws {
        let configuration = PostgresEventStore.Configuration(connectionString: try await TemporaryPostgres.database())
        try await PostgresEventStore.with(configuration, logger: .init(label: "test")) { store in
            await expectIncompatible("strata migrate") { try await store.verify() }
            await expectIncompatible("strata migrate") { _ = try await store.head() }
        }
    }

    @Test func `a migration that fails changes nothing`() async throws {
        let database = try await TemporaryPostgres.database()
        let broken = Migrator(migrations: [
            Migration(number: 1, name: "good", sql: "CREATE TABLE good ()"),
            Migration(number: 2, name: "bad", sql: "CREATE TABEL bad ()"),
        ])
        await #expect(throws: PostgresError.self) { try await broken.migrate(database) }
        let exists = try await PostgresConnection.with(ConnectionConfiguration(connectionString: database)) {
            try await $0.run { session in
                try session.execute(
                    "SELECT to_regclass('good') IS NOT NULL OR to_regnamespace('strata') IS NOT NULL"
                ).bool(0, 0)
            }
        }
        #expect(!exists)
    }

    private func expectIncompatible(_ words: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("it was accepted")
        } catch let error as EventStoreError {
            #expect(error.code == .incompatibleSchema)
            #expect(error.message.contains(words))
        } catch {
            Issue.record("\(error) was thrown")
        }
    }
}
