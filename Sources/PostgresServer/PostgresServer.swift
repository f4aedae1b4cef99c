internal import Glibc
internal import PostgresClient

/// A private PostgreSQL that the program finds, initialises, starts and stops by itself.
///
/// It is reached through a unix socket in a folder that only its user (and root) can enter, and it never runs as root.
/// It survives the program: after a `SIGKILL` it goes on running, and the next ``start(folder:options:)`` on the same
/// folder adopts it. A program that finds the server of another, living program uses it; the last of them that stops
/// using it stops the server.
public actor PostgresServer {
    /// The folder that the server lives in; its data may be elsewhere, which ``notice`` then says.
    public nonisolated let folder: String
    /// The folder of the server's data.
    public nonisolated let dataFolder: String
    /// The folder of the server's socket, for `psql -h`.
    public nonisolated let socketFolder: String
    /// A libpq connection string for the database of the options.
    public nonisolated let connectionString: String
    /// Something that people should be told once.
    public nonisolated let notice: String?

    let launcher: ServerLauncher
    private var process: ServerProcess
    /// Whoever has it runs the server.
    private var lock: FileLock?
    /// Shared by all that use the server.
    private var use: FileLock?
    private var hasStopped = false

    init(_ launcher: ServerLauncher, process: ServerProcess, lock: FileLock?, use: FileLock?) {
        folder = launcher.place.folder
        dataFolder = launcher.place.data
        socketFolder = launcher.socketFolder
        connectionString = launcher.connectionString(database: launcher.options.database)
        notice = launcher.place.notice
        self.launcher = launcher
        self.process = process
        self.lock = lock
        self.use = use
    }

    /// The server's main process.
    public var processID: Int32 { process.id }

    public var isRunning: Bool { process.isRunning }

    /// Whether this program runs the server, and stops it.
    public var isOwner: Bool { lock != nil }

    /// A libpq connection string for another database of this server.
    public nonisolated func connectionString(database: String) -> String {
        launcher.connectionString(database: database)
    }

    /// Stops using the server. Whoever is the last to use it stops it, which cuts sessions off, and returns when its
    /// processes are gone.
    public func stop() async {
        guard !hasStopped else { return }
        hasStopped = true
        // In this order: of two that stop at the same time, the one that becomes the owner finds no other user.
        use = nil
        guard await patience(upTo: Self.lockPatience, until: { takeOver() }) else { return }
        defer { lock = nil }
        var sole: FileLock?
        await patience(upTo: Self.lockPatience) {
            sole = try? FileLock.take(ServerFolder.usersFile(in: folder))
            return sole != nil
        }
        guard let sole else { return }
        await process.stop(limit: launcher.options.stopTimeout)
        await launcher.waitForLastProcess()
        SocketFolder.remove(socketFolder, home: launcher.place.home)
        withExtendedLifetime(sole) {}
    }

    /// Kills the server as a crash would, and returns when it is gone. ``restart()`` brings it back.
    public func kill() async throws(PostgresServerError) {
        try await requireOwnership()
        process.signal(SIGKILL)
        await patience(upTo: .seconds(30)) { !process.isRunning }
    }

    /// Starts the server again, after stopping it if it still runs. The connection string stays the same.
    public func restart() async throws(PostgresServerError) {
        try await requireOwnership()
        await process.stop(limit: launcher.options.stopTimeout)
        process = try await launcher.launch()
    }

    /// Has a server that has ended run again: starts it, unless its owner has done so.
    public func revive() async throws(PostgresServerError) {
        if await patience(upTo: Self.lockPatience, until: { takeOver() }) {
            // Its former owner may have done so, and gone since.
            return process.isRunning ? () : try await restart()
        }
        guard let running = PostmasterFile.live(in: dataFolder) else { return try await requireOwnership() }
        process = .adopted(running.processID, data: dataFolder)
    }

    /// Returns when the server has ended, for whatever reason, or when the task is cancelled.
    public func waitForExit() async {
        while process.isRunning, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Creates a database.
    ///
    /// - Parameter template: A database that nobody is connected to and that the new one is a copy of.
    public func createDatabase(_ name: String, template: String = "template0") async throws(PostgresServerError) {
        try await launcher.administer(
            "CREATE DATABASE \(quotedIdentifier(name)) TEMPLATE \(quotedIdentifier(template))")
    }

    /// Drops a database, and cuts off whoever is connected to it.
    public func dropDatabase(_ name: String) async throws(PostgresServerError) {
        try await launcher.administer("DROP DATABASE IF EXISTS \(quotedIdentifier(name)) WITH (FORCE)")
    }

    func ensureDatabase() async throws(PostgresServerError) {
        let name = launcher.options.database
        guard await !launcher.answers(database: name) else { return }
        try await createDatabase(name)
    }

    /// How long an owner that is gone may seem to be there: its lock lives on in a child of its program that is just
    /// being started, until the child's own program begins.
    private static let lockPatience = Duration.milliseconds(250)

    /// Becomes the owner if the one there was is gone.
    ///
    /// - Returns: Whether this program is the owner.
    private func takeOver() -> Bool {
        guard lock == nil else { return true }
        lock = try? FileLock.take(ServerFolder.lockFile(in: folder))
        guard lock != nil else { return false }
        // Another server may run by now than the one that was found once.
        if let running = PostmasterFile.live(in: dataFolder), running.processID != process.id {
            process = .adopted(running.processID, data: dataFolder)
        }
        return true
    }

    private func requireOwnership() async throws(PostgresServerError) {
        await patience(upTo: Self.lockPatience) {
            // It may be stopped meanwhile. Then the lock is no longer wanted.
            if hasStopped { return true }
            return takeOver()
        }
        if hasStopped { throw PostgresServerError(.notOwned, "The server in \(folder) was stopped: start it anew.") }
        guard lock == nil else { return }
        throw PostgresServerError(
            .notOwned, "The server in \(folder) belongs to another program that still runs: stop that one first.")
    }
}
