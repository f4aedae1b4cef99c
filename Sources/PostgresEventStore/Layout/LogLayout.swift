public import EventSourcing
public import Logging

/// Where the logs of a deployment lie, and which streams lie in which log.
public struct LogLayout: Sendable, Hashable {
    /// The database of the read models, the checkpoints and the leases, and of each log that has no other.
    public var mainDatabase: String
    /// The logs of the deployment.
    public var logs: Set<LogName>
    /// The databases of logs that do not lie in the main one, as libpq connection strings.
    public var databases: [LogName: String]
    public var routing: LogRouting
    /// The folder of the segments, with a folder for each log (see ``PostgresArchive``).
    public var archiveFolder: String?

    /// - Parameters:
    ///   - logs: Every log that `routing` names; there may be more.
    ///   - databases: Of some of `logs`.
    public init(
        mainDatabase: String, logs: Set<LogName> = [.main], databases: [LogName: String] = [:],
        routing: LogRouting = LogRouting()
    ) {
        precondition(routing.logs.isSubset(of: logs), "the routing names a log that is not there")
        self.mainDatabase = mainDatabase
        self.logs = logs
        self.databases = databases
        self.routing = routing
    }

    /// The logs in each database, the main database first.
    private var logsByDatabase: [(database: String, logs: [LogName])] {
        var groups = Dictionary(grouping: logs.sorted()) { databases[$0] ?? mainDatabase }
        let inMain = groups.removeValue(forKey: mainDatabase) ?? []
        return [(mainDatabase, inMain)] + groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Brings the schema of every database to what this program needs, makes the logs that are not there, and records
    /// the routing.
    ///
    /// - Returns: What became of each database, the main one first.
    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/incompatibleSchema`` when a database is newer than
    ///   this program, or the routing would look for a stream where it is not.
    public func migrate() async throws -> [Migrator.Outcome] {
        var outcomes: [Migrator.Outcome] = []
        for (database, logs) in logsByDatabase {
            outcomes.append(try await Migrator().migrate(database, logs: logs))
        }
        try await RoutingRecord(layout: self).renew()
        return outcomes
    }

    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/incompatibleSchema`` when the deployment was told
    ///   another routing, or was not migrated.
    public func verifyRouting() async throws(EventStoreError) { try await RoutingRecord(layout: self).verify() }

    /// The store of all logs. None of them works before it is run.
    ///
    /// - Parameter configure: Changes how each log works.
    /// - Throws: ``EventStoreError`` with ``EventStoreError/Code/incompatibleSchema`` when a database was not migrated,
    ///   has not the logs that it should have, or was told another routing.
    public func open(
        logger: Logger, configure: (inout PostgresEventStore.Configuration) -> Void = { _ in }
    ) async throws(EventStoreError) -> RoutedEventStore<PostgresEventStore> {
        var stores: [PostgresEventStore] = []
        for (database, logs) in logsByDatabase {
            let ids = try await LogID.find(logs, in: database)
            for log in ids.values {
                var configuration = PostgresEventStore.Configuration(connectionString: database)
                configuration.log = log
                configuration.archiveFolder = archiveFolder
                configure(&configuration)
                stores.append(PostgresEventStore(configuration, logger: logger))
            }
        }
        try await verifyRouting()
        return RoutedEventStore(stores, routing: routing)
    }

    /// The database that `log` lies in, as a libpq connection string.
    public func database(of log: LogName) -> String { databases[log] ?? mainDatabase }
}
