extension PostgresServer {
    /// Copies a server that runs into `folder`, which has no data yet, and starts the copy as a standby that follows
    /// it and answers reads.
    ///
    /// - Parameter name: What the primary calls it, in `pg_stat_replication` and in `synchronous_standby_names`.
    public static func startStandby(
        of primary: PostgresServer, name: String, folder: String, options: Options = Options()
    ) async throws(PostgresServerError) -> PostgresServer {
        let path = Files.absolute(folder)
        do { _ = try Files.makeFolder(path, mode: 0o755) } catch { throw .unusable(path, error) }
        let place = try await ServerFolder.prepare(Files.canonical(path) ?? path, fallback: options.fallbackFolder)
        let binaries = try await PostgresBinaries.find(in: options.binaries, dataVersion: nil)
        let command = [
            binaries.folder + "/pg_basebackup", "--pgdata=\(place.data)",
            "--dbname=\(primary.connectionString) application_name=\(name)", "--checkpoint=fast",
            "--wal-method=stream", "--write-recovery-conf",
        ]
        do {
            let outcome = try await Command.run(
                command + (options.isDurable ? [] : ["--no-sync"]), as: place.user, isInterruptible: true)
            guard outcome.isSuccess else {
                throw PostgresServerError(
                    .initialisationFailed, "The server in \(primary.folder) could not be copied to \(place.home).",
                    log: outcome.output)
            }
        } catch {
            place.undo()
            throw (error as? PostgresServerError) ?? .unusable(place.home, (error as? SystemFailure) ?? SystemFailure())
        }
        return try await start(folder: folder, options: options)
    }

    /// Makes a standby a primary, and returns when it takes writes.
    public func promote() async throws(PostgresServerError) {
        try await launcher.administer("SELECT pg_promote(true, 60)")
    }
}
