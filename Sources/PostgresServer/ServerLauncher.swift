internal import Glibc
internal import PostgresClient

/// Initialises and starts a server at a place, and talks to it as its administrator.
struct ServerLauncher: Sendable {
    let place: ServerFolder
    let socketFolder: String
    let options: PostgresServer.Options

    private static let administrator = "postgres"

    init(_ place: ServerFolder, socketFolder: String, options: PostgresServer.Options) {
        self.place = place
        self.socketFolder = socketFolder
        self.options = options
    }

    func connectionString(database: String) -> String {
        "host=\(quoted(socketFolder)) port=\(ServerFolder.port) user=\(Self.administrator) dbname=\(quoted(database))"
    }

    /// Starts the server, with new data if there is none, and returns when it answers.
    func launch() async throws(PostgresServerError) -> ServerProcess {
        let version = try existingVersion()
        let binaries = try await PostgresBinaries.find(
            in: options.binaries, dataVersion: version.map { ($0, place.data) })
        do {
            _ = try Files.makeFolder(place.log, mode: 0o700)
            if place.user.isOther { lchown(place.log, place.user.id, place.user.group) }
        } catch {
            throw .unusable(place.log, error)
        }
        if version == nil { try await initialise(binaries) }
        try SocketFolder.prepare(socketFolder, for: place.user)
        do {
            let settings = ServerSettings.file(hasLZ4: await binaries.hasLZ4())
            try Files.write(settings, to: place.data + "/postgresql.conf", owner: place.user)
        } catch {
            throw .unusable(place.data, error)
        }
        do {
            return try await run(binaries)
        } catch {
            SocketFolder.remove(socketFolder, home: place.home)
            throw error
        }
    }

    private func existingVersion() throws(PostgresServerError) -> Int? {
        if let version = place.dataVersion { return version }
        guard Files.exists(place.data), rmdir(place.data) != 0 else { return nil }
        throw PostgresServerError(
            .folderUnusable,
            "\(place.data) is not a data folder of PostgreSQL: move it away, or choose another folder.")
    }

    // MARK: New data

    /// Writes new data beside its final place and moves it there when it is complete.
    private func initialise(_ binaries: PostgresBinaries) async throws(PostgresServerError) {
        let unfinished = place.data + ".new"
        Files.removeTree(unfinished)
        let command =
            [
                binaries.initdb, "--pgdata=\(unfinished)", "--username=\(Self.administrator)", "--auth-local=trust",
                "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--lc-messages=C",
            ] + (options.isDurable ? [] : ["--no-sync"])
        do {
            let outcome = try await Command.run(command, as: place.user)
            guard outcome.isSuccess else { throw initialisationFailed(outcome.output) }
            guard rename(unfinished, place.data) == 0 else { throw SystemFailure() }
        } catch {
            Files.removeTree(unfinished)
            throw (error as? PostgresServerError) ?? initialisationFailed("\(error)")
        }
    }

    private func initialisationFailed(_ output: String) -> PostgresServerError {
        let message =
            output.contains("No space left on device")
            ? "There is no room for a database in \(place.home): make room on that disk, or choose another folder."
            : "PostgreSQL could not make a database in \(place.home): see what it says, or choose another folder."
        return PostgresServerError(.initialisationFailed, message, log: ServerLog.tail(of: output))
    }

    // MARK: Running

    /// Starts the server. One that was killed a moment ago may still have processes that see to their end; then again.
    private func run(_ binaries: PostgresBinaries) async throws(PostgresServerError) -> ServerProcess {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                let process = try spawn(binaries)
                try await waitUntilReady(process.server, process.log)
                return process.server
            } catch {
                let isTooEarly =
                    error.log.contains("pre-existing shared memory block") || error.log.contains("lock file \"")
                guard isTooEarly, ContinuousClock.now < deadline else { throw error }
                await patience(upTo: .milliseconds(100)) { false }
            }
        }
    }

    private func spawn(_ binaries: PostgresBinaries) throws(PostgresServerError) -> (server: ServerProcess, log: ServerLog) {
        let log = ServerLog(place)
        let settings =
            ServerSettings.fixed(place, socketFolder: socketFolder) + options.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        do {
            let output = try log.open()
            defer { close(output) }
            let child = try ChildProcess.spawn(
                [binaries.postgres, "-D", place.data] + settings.flatMap { ["-c", "\($0.name)=\($0.value)"] },
                as: place.user, output: output)
            return (.child(child), log)
        } catch {
            throw PostgresServerError(.startFailed, "PostgreSQL could not be started (\(error)).")
        }
    }

    /// Returns when the server answers; a child that does not is stopped.
    func waitUntilReady(_ process: ServerProcess, _ log: ServerLog? = nil) async throws(PostgresServerError) {
        var hasAnswered = false
        await patience(upTo: options.startTimeout) {
            if await answers(database: "postgres") { hasAnswered = true }
            return hasAnswered || !process.isRunning || Task.isCancelled
        }
        if hasAnswered { return }
        let wasRunning = process.isRunning
        if case .child = process { await process.stop(limit: options.stopTimeout) }
        let words = log?.tail() ?? ""
        if Task.isCancelled { throw PostgresServerError(.cancelled, "The start of PostgreSQL was cancelled.", log: words) }
        guard wasRunning else {
            throw PostgresServerError(
                .startFailed, "PostgreSQL in \(place.home) ended as soon as it was started: see what it says.", log: words)
        }
        throw PostgresServerError(
            .timedOut,
            "PostgreSQL in \(place.home) did not answer within \(options.startTimeout): look into \(place.log).", log: words)
    }

    // MARK: Talking to it

    func answers(database: String) async -> Bool {
        guard let connection = try? await PostgresConnection.connect(configuration(database)) else { return false }
        await connection.close()
        return true
    }

    /// Runs one statement outside a transaction.
    func administer(_ sql: String) async throws(PostgresServerError) {
        do {
            let connection = try await PostgresConnection.connect(configuration("postgres"))
            try await connection.run { session in try session.executeScript(sql) }
            await connection.close()
        } catch {
            let detail = (error as? PostgresError)?.debugDescription ?? "\(error)"
            throw PostgresServerError(.statementFailed, "PostgreSQL in \(place.home) refused `\(sql)`.", log: detail)
        }
    }

    private func configuration(_ database: String) -> ConnectionConfiguration {
        ConnectionConfiguration(
            connectionString: connectionString(database: database), applicationName: "strata-server",
            statementTimeout: nil, lockTimeout: nil, connectTimeoutSeconds: 5)
    }

    /// As libpq wants values quoted (PostgreSQL manual, 34.1.1.1).
    private func quoted(_ value: String) -> String {
        "'" + value.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
