internal import EventSourcing
internal import Logging
internal import PostgresClient
internal import PostgresEventStore
internal import PostgresServer

/// A database with a log, and with `raw.events` and `raw.copied`: equal tables that PostgreSQL fills without Strata.
struct BenchDatabase: Sendable {
    let connectionString: String

    static func create(_ name: String, on server: PostgresServer) async throws -> BenchDatabase {
        try await server.createDatabase(name)
        let database = BenchDatabase(connectionString: server.connectionString(database: name))
        try await database.prepare()
        return database
    }

    /// Another one on the same server, which goes with the server.
    func createBeside(_ name: String) async throws -> BenchDatabase {
        try await run { session in try session.executeScript("CREATE DATABASE \(name) TEMPLATE template0") }
        // What libpq is told last counts.
        let database = BenchDatabase(connectionString: "\(connectionString) dbname=\(name)")
        try await database.prepare()
        return database
    }

    private func prepare() async throws {
        _ = try await Migrator().migrate(connectionString)
        try await run { session in
            try session.executeScript(
                """
                CREATE SCHEMA raw;
                CREATE TABLE raw.events (LIKE strata.events INCLUDING ALL);
                CREATE TABLE raw.copied (LIKE strata.events INCLUDING ALL);
                CREATE SEQUENCE raw.position CACHE 1;
                DO $$ DECLARE target text; BEGIN
                    FOREACH target IN ARRAY ARRAY['events', 'copied'] LOOP
                        EXECUTE (
                            SELECT format('ALTER TABLE raw.%I SET (%s)', target, array_to_string(reloptions, ','))
                            FROM pg_class WHERE oid = 'strata.events'::regclass
                        );
                    END LOOP;
                END $$
                """)
        }
    }

    /// A connection of PostgreSQL's own user, without the settings of Strata's sessions.
    var plainConnection: ConnectionConfiguration {
        ConnectionConfiguration(
            connectionString: connectionString, applicationName: "strata-bench", statementTimeout: nil)
    }

    func run<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        try await PostgresConnection.with(plainConnection) { connection in try await connection.run(body) }
    }

    /// Has the server write what it holds in memory: a measurement is not to pay for the one before it.
    func settle() async throws {
        try await run { session in try session.executeScript("CHECKPOINT") }
    }

    func withStore<R: Sendable>(
        archiveFolder: String? = nil, writerFolder: String? = nil, _ body: (PostgresEventStore) async throws -> R
    ) async throws -> R {
        var configuration = PostgresEventStore.Configuration(connectionString: connectionString)
        configuration.archiveFolder = archiveFolder
        configuration.writerFolder = writerFolder
        return try await PostgresEventStore.with(configuration, logger: Logger(label: "strata-bench"), body)
    }
}
