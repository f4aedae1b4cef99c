internal import Glibc

extension PostgresServer {
    /// Starts the server in `folder`, which is made if need be, and returns when it answers.
    ///
    /// A server that runs there already is used as it is. When nothing comes of it, or the task is cancelled, what this
    /// call has made is removed again.
    ///
    /// - Parameter folder: Where the server lives; its data is in `postgres/data` in there.
    public static func start(
        folder: String, options: Options = Options()
    ) async throws(PostgresServerError) -> PostgresServer {
        let path = Files.absolute(folder)
        if !options.makesData, !ServerFolder.mayHaveData(path) { throw .noData(path) }
        let isNew: Bool
        do { isNew = try Files.makeFolder(path, mode: 0o755) } catch { throw .unusable(path, error) }
        do {
            return try await lockAndStart(folder: Files.canonical(path) ?? path, options)
        } catch {
            if isNew {
                unlink(ServerFolder.lockFile(in: path))
                unlink(ServerFolder.usersFile(in: path))
                rmdir(path)
            }
            throw error
        }
    }

    private static func lockAndStart(
        folder: String, _ options: Options
    ) async throws(PostgresServerError) -> PostgresServer {
        let deadline = ContinuousClock.now + options.startTimeout
        while ContinuousClock.now < deadline {
            if let lock = try await takeLock(in: folder) {
                return try await startAsOwner(folder: folder, lock, options)
            }
            if let server = try await useServerOfAnother(folder: folder, options) { return server }
            if Task.isCancelled { throw .cancelled }
        }
        throw PostgresServerError(
            .timedOut,
            "Another program has been starting or stopping PostgreSQL in \(folder) for \(options.startTimeout): "
                + "stop that one, or choose another folder.")
    }

    /// A program that was killed a moment ago may take a moment to be gone.
    private static func takeLock(in folder: String) async throws(PostgresServerError) -> FileLock? {
        do throws(SystemFailure) {
            for _ in 0..<10 {
                if let lock = try FileLock.take(ServerFolder.lockFile(in: folder)) { return lock }
                await patience(upTo: .milliseconds(25)) { false }
            }
            return nil
        } catch {
            throw .unusable(folder, error)
        }
    }

    /// The server of a program that lives: used, and left running.
    private static func useServerOfAnother(
        folder: String, _ options: Options
    ) async throws(PostgresServerError) -> PostgresServer? {
        let home = ServerFolder.home(in: folder)
        let place = ServerFolder(folder: folder, home: home, user: try ServerUser.choose(forDataOf: home))
        if Files.exists(home), access(home, R_OK | X_OK) != 0 { throw .foreign(place) }
        guard let running = PostmasterFile.live(in: place.data) else { return nil }
        let launcher = ServerLauncher(place, socketFolder: running.socketFolder, options: options)
        // Its owner creates the database after the server answers, so the database is what to wait for.
        // The share first: whoever has it finds the server running for as long as it likes.
        guard let use = try share(folder), await launcher.answers(database: options.database) else { return nil }
        return PostgresServer(
            launcher, process: .adopted(running.processID, data: place.data), lock: nil, use: use)
    }

    /// - Returns: `nil` while the server is being stopped.
    private static func share(_ folder: String) throws(PostgresServerError) -> FileLock? {
        do { return try FileLock.take(ServerFolder.usersFile(in: folder), .shared) } catch {
            throw .unusable(folder, error)
        }
    }

    /// Nobody keeps an owner from it for longer than it takes to look whether there are users.
    private static func shareAsOwner(_ folder: String) async throws(PostgresServerError) -> FileLock? {
        for _ in 0..<10 {
            if let use = try share(folder) { return use }
            await patience(upTo: .milliseconds(25)) { false }
        }
        return nil
    }

    private static func startAsOwner(
        folder: String, _ lock: FileLock, _ options: Options
    ) async throws(PostgresServerError) -> PostgresServer {
        let place = try await ServerFolder.prepare(folder, fallback: options.fallbackFolder)
        do {
            if let server = try await adoptOrphan(place, lock, options) { return server }
            let launcher = ServerLauncher(
                place, socketFolder: SocketFolder.path(forHome: place.home), options: options)
            let process = try await launcher.launch()
            return try await PostgresServer(launcher, process: process, lock: lock, use: shareAsOwner(folder))
                .withDatabase()
        } catch {
            place.undo()
            throw error
        }
    }

    /// A server whose program was killed.
    private static func adoptOrphan(
        _ place: ServerFolder, _ lock: FileLock, _ options: Options
    ) async throws(PostgresServerError) -> PostgresServer? {
        guard let running = PostmasterFile.live(in: place.data) else { return nil }
        let process = ServerProcess.adopted(running.processID, data: place.data)
        // Not under those who use it.
        if process.hasOutdatedBinaries, (try? FileLock.take(ServerFolder.usersFile(in: place.folder))) != nil {
            await process.stop(limit: options.stopTimeout)
            return nil
        }
        let launcher = ServerLauncher(place, socketFolder: running.socketFolder, options: options)
        try await launcher.waitUntilReady(process)
        return try await PostgresServer(launcher, process: process, lock: lock, use: shareAsOwner(place.folder))
            .withDatabase()
    }

    /// Makes sure that the database is there; a server that cannot do even that is stopped.
    private func withDatabase() async throws(PostgresServerError) -> PostgresServer {
        do {
            try await ensureDatabase()
            return self
        } catch {
            await stop()
            throw error
        }
    }
}
