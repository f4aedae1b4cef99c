internal import PostgresClient
internal import PostgresEventStore
internal import PostgresServer

/// A primary, now and then its standby, and a proxy before each, so that one connection string serves for ever.
actor Cluster {
    /// Lists both servers, and takes the one that can be written to.
    nonisolated let connectionString: String
    /// Whether the servers have small disks of their own, which can be filled.
    nonisolated let hasDisks: Bool

    private var primary: TemporaryServer
    private var primaryProxy: FaultProxy
    private var standby: TemporaryServer?
    private var standbyProxy: FaultProxy
    private var openTransaction: PostgresConnection?
    private var standbyCount = 0

    private static let diskMiB = 384
    private static let elsewhere = "elsewhere"
    private static let settings = ["max_wal_size": "64MB", "min_wal_size": "32MB"]

    static func start() async throws -> Cluster {
        let hasDisks = await TemporaryServer.canHaveDisk()
        let primary = try await TemporaryServer.start(settings: settings, diskMiB: hasDisks ? diskMiB : nil)
        _ = try await Migrator().migrate(primary.server.connectionString)
        try await primary.server.createDatabase(elsewhere)
        let (first, second) = (try FaultProxy(), try FaultProxy())
        try first.open(toward: primary.server.socketFolder)
        return Cluster(primary, first: first, second: second, hasDisks: hasDisks)
    }

    private init(_ primary: TemporaryServer, first: FaultProxy, second: FaultProxy, hasDisks: Bool) {
        self.primary = primary
        self.hasDisks = hasDisks
        primaryProxy = first
        standbyProxy = second
        connectionString = """
            host=127.0.0.1,127.0.0.1 port=\(first.port),\(second.port) user=postgres dbname=strata \
            target_session_attrs=read-write connect_timeout=3 sslmode=disable gssencmode=disable
            """
    }

    func stop() async {
        await openTransaction?.close()
        primaryProxy.close()
        standbyProxy.close()
        await standby?.remove()
        await primary.remove()
    }

    /// What all connections to the primary go through.
    var proxy: FaultProxy { primaryProxy }

    var primaryFolder: String { primary.folder }

    // MARK: The primary

    func killPrimary() async throws {
        try await primary.server.kill()
        primaryProxy.close()
    }

    func restartPrimary() async throws {
        // A server that died by itself has left its proxy open.
        primaryProxy.close()
        try await primary.server.restart()
        try primaryProxy.open(toward: primary.server.socketFolder)
    }

    /// Returns once the primary takes sessions, and starts it again whenever it has died.
    func ensurePrimaryRuns() async throws {
        try await Retry.upTo(.seconds(120)) {
            if await !primary.server.isRunning { try await restartPrimary() }
            try await PostgresConnection.connect(administration()).close()
        }
    }

    // MARK: Sessions

    /// A connection past the proxy.
    func administrator(database: String = "strata") async throws -> PostgresConnection {
        let configuration = administration(of: database)
        return try await Retry.upTo(.seconds(60)) { try await PostgresConnection.connect(configuration) }
    }

    private func administration(of database: String = "strata") -> ConnectionConfiguration {
        ConnectionConfiguration(
            connectionString: primary.server.connectionString(database: database), applicationName: "soak",
            statementTimeout: .seconds(60), lockTimeout: .seconds(60))
    }

    private func administer<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        let connection = try await administrator()
        let value = try await connection.run(body)
        await connection.close()
        return value
    }

    /// The process ids of all sessions of the stores.
    func sessions() async throws -> [Int32] {
        try await administer { session in
            let rows = try session.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'strata' ORDER BY pid")
            return try (0..<rows.rowCount).map { try rows.int32($0, 0) }
        }
    }

    /// Whether no session of a store can still change the log. (One that has stalled in the middle of an answer may
    /// read for ever.)
    func isQuiet() async throws -> Bool {
        try await administer { session in
            try session.execute(
                """
                SELECT count(*) = 0 FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE application_name = 'strata' AND locktype = 'relation'
                    AND mode IN ('RowShareLock', 'RowExclusiveLock')
                """
            ).bool(0, 0)
        }
    }

    func terminate(_ pids: [Int32]) async throws {
        try await administer { session in
            try session.execute(
                "SELECT pg_terminate_backend(pid::int) FROM unnest($1::bigint[]) AS t (pid)",
                [.int64Array(pids.map(Int64.init))])
        }
    }

    /// Opens a transaction in another database, in place of the one that was open.
    func leaveTransactionOpen() async throws {
        await openTransaction?.close()
        let connection = try await administrator(database: Self.elsewhere)
        try await connection.run { session in
            // It stays open for as long as nothing of the server dies.
            try session.executeScript("SET idle_in_transaction_session_timeout = 0")
            try session.executeScript("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT txid_current()")
        }
        openTransaction = connection
    }

    /// Whether the transaction that was left open is still there, with a number of its own.
    func hasOpenTransaction() async -> Bool {
        guard let openTransaction else { return false }
        let hasNumber = try? await openTransaction.run { session in
            try session.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").bool(0, 0)
        }
        return hasNumber ?? false
    }

    /// The whole log, read past the store.
    func readLog() async throws -> LoggedEvents {
        try await administer { try LoggedEvents.read($0) }
    }

    // MARK: Fail-over

    /// Adds a standby, and returns when no commit is acknowledged any more before the standby has it.
    func addSynchronousStandby() async throws {
        standbyCount += 1
        let name = "standby\(standbyCount)"
        let standby = try await TemporaryServer.startStandby(
            of: primary.server, name: name, settings: Self.settings, diskMiB: hasDisks ? Self.diskMiB : nil)
        self.standby = standby
        try standbyProxy.open(toward: standby.server.socketFolder)
        try await administer { session in
            try session.executeScript("ALTER SYSTEM SET synchronous_standby_names = '\(name)'")
            try session.executeScript("SELECT pg_reload_conf()")
        }
        // A new session shows the setting once it was passed on, and the checkpointer, which makes it count for all
        // sessions, looks at it before it begins a checkpoint.
        try await Retry.until("the standby's name is set") {
            try await self.administer { try $0.execute("SHOW synchronous_standby_names").text(0, 0) } == name
        }
        try await administer { try $0.executeScript("CHECKPOINT") }
        let position = try await administer { try $0.execute("SELECT pg_current_wal_flush_lsn()::text").text(0, 0) }
        try await Retry.until("the standby keeps up") {
            try await self.administer { session in
                try session.execute(
                    """
                    SELECT count(*) = 1 FROM pg_stat_replication
                    WHERE application_name = '\(name)' AND sync_state = 'sync' AND flush_lsn >= '\(position)'::pg_lsn
                    """
                ).bool(0, 0)
            }
        }
    }

    /// Kills the primary, and promotes the standby after `delay`.
    func failOver(after delay: Duration) async throws {
        guard let promoted = standby else { throw FaultError("there is no standby to fail over to") }
        try await killPrimary()
        await pause(delay)
        try await promoted.server.promote()
        await primary.remove()
        primary = promoted
        standby = nil
        swap(&primaryProxy, &standbyProxy)
    }
}
