internal import Glibc

/// Starts a server at a place.
struct ServerLauncher: Sendable {
    let place: ServerFolder
    let socketFolder: String
    let options: PostgresServer.Options

    static let administrator = "postgres"

    init(_ place: ServerFolder, socketFolder: String, options: PostgresServer.Options) {
        self.place = place
        self.socketFolder = socketFolder
        self.options = options
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

    private func spawn(_ binaries: PostgresBinaries) throws(PostgresServerError) -> (
        server: ServerProcess, log: ServerLog
    ) {
        let log = ServerLog(place)
        let settings =
            ServerSettings.fixed(place, socketFolder: socketFolder)
            + options.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
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
        if case .child = process {
            await process.stop(limit: options.stopTimeout)
            await waitForLastProcess()
        }
        if Task.isCancelled { throw .cancelled }
        let words = log?.tail() ?? ""
        guard wasRunning else {
            throw PostgresServerError(
                .startFailed, "PostgreSQL in \(place.home) ended as soon as it was started: see what it says.",
                log: words)
        }
        throw PostgresServerError(
            .timedOut,
            "PostgreSQL in \(place.home) did not answer within \(options.startTimeout): look into \(place.log).",
            log: words)
    }

    /// The process that writes the server's log outlives it by a moment. Whoever removes the folder next must not
    /// meet it there.
    func waitForLastProcess() async {
        await patience(upTo: .seconds(5)) { ServerProcess.all(workingIn: place.data).isEmpty }
    }
}
