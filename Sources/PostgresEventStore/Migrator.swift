public import EventSourcing
internal import PostgresClient

/// Brings a database's schema to what this program needs.
public struct Migrator: Sendable {
    /// What became of a migration.
    public struct Outcome: Sendable, Hashable {
        /// The names of the steps that were done now; none when the schema was already there.
        public let applied: [String]
        /// The logs that were made now.
        public let madeLogs: [LogName]
        /// The number of the newest step.
        public let version: Int
    }

    private let migrations: [Migration]

    public init() { migrations = Migration.all }

    init(migrations: [Migration]) { self.migrations = migrations }

    /// Applies what is missing, in one transaction. Safe to run from several processes at once: they take turns.
    ///
    /// - Parameter logs: Logs that the database is to have besides `main`; those that are not there are made.
    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/incompatibleSchema`` when the database is newer than
    ///   this program or was migrated by other steps. Nothing was changed.
    public func migrate(_ connectionString: String, logs: [LogName] = []) async throws -> Outcome {
        let configuration = ConnectionConfiguration(
            connectionString: connectionString, statementTimeout: nil, lockTimeout: .seconds(60))
        return try await PostgresConnection.with(configuration) { connection in
            try await connection.run { session in try session.transaction { try apply(logs, in: $0) } }
        }
    }

    private func apply(_ logs: [LogName], in session: PostgresSession) throws -> Outcome {
        // Any number will do, as long as every process takes the same one.
        try session.executeScript("SELECT pg_advisory_xact_lock(8389754762961)")
        try session.executeScript(
            """
            CREATE SCHEMA IF NOT EXISTS strata;
            CREATE TABLE IF NOT EXISTS strata.migrations (
                number integer PRIMARY KEY,
                name text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """)
        let done = try applied(in: session)
        try Self.check(done, against: migrations)
        let missing = migrations.dropFirst(done.count)
        for migration in missing {
            try session.executeScript(migration.sql)
            try session.execute(
                "INSERT INTO strata.migrations (number, name) VALUES ($1, $2)",
                [.int32(Int32(migration.number)), .text(migration.name)])
        }
        return Outcome(
            applied: missing.map(\.name), madeLogs: try make(logs, in: session), version: migrations.last?.number ?? 0)
    }

    /// - Returns: Those that were not there.
    private func make(_ logs: [LogName], in session: PostgresSession) throws -> [LogName] {
        guard !logs.isEmpty else { return [] }
        let rows = try session.execute(
            """
            INSERT INTO strata.logs (id, name)
            SELECT (SELECT max(id) FROM strata.logs) + row_number() OVER (ORDER BY name), name
            FROM (SELECT unnest($1::text[]) EXCEPT SELECT name FROM strata.logs) AS missing (name)
            RETURNING name
            """, [.textArray(logs.map(\.rawValue))])
        return (0..<rows.rowCount).map { LogName(recorded: rows.text($0, 0)) }
    }

    /// Checks that the database's schema is the one this program needs, and changes nothing.
    func verify(in session: PostgresSession) throws {
        let exists = try session.execute("SELECT to_regclass('strata.migrations') IS NOT NULL").bool(0, 0)
        let done = exists ? try applied(in: session) : []
        try Self.check(done, against: migrations)
        guard done.count == migrations.count else {
            throw EventStoreError(
                .incompatibleSchema,
                "The database lacks \(migrations.count - done.count) of Strata's migrations. Run 'strata migrate'.")
        }
    }

    private func applied(in session: PostgresSession) throws -> [Applied] {
        let rows = try session.execute("SELECT number, name FROM strata.migrations ORDER BY number")
        return try (0..<rows.rowCount).map { row in
            Applied(number: Int(try rows.int32(row, 0)), name: rows.text(row, 1))
        }
    }

    struct Applied: Sendable, Hashable {
        let number: Int
        let name: String
    }

    static func check(_ done: [Applied], against known: [Migration]) throws(EventStoreError) {
        guard done.count <= known.count else {
            throw EventStoreError(
                .incompatibleSchema,
                """
                The database's schema has version \(done.last?.number ?? 0), and this program knows versions up to \
                \(known.last?.number ?? 0): it is older than the database. Nothing was changed. Run a newer Strata.
                """)
        }
        for (done, known) in zip(done, known) where done != Applied(number: known.number, name: known.name) {
            throw EventStoreError(
                .incompatibleSchema,
                """
                The database was migrated by '\(done.number) \(done.name)' where this program has \
                '\(known.number) \(known.name)': it belongs to another program. Nothing was changed.
                """)
        }
    }
}
