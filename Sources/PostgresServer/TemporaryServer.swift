internal import Glibc

/// A throw-away server that can be removed before the process ends; it goes with the process at the latest.
public final class TemporaryServer: Sendable {
    public let server: PostgresServer
    /// The folder of the server: on a file system of its own, if one was asked for.
    public let folder: String
    private let guardian: Guardian

    private init(_ server: PostgresServer, folder: String, guardian: Guardian) {
        self.server = server
        self.folder = folder
        self.guardian = guardian
    }

    /// Starts a server with a new database.
    ///
    /// - Parameters:
    ///   - settings: Server settings that win over those of ``TemporaryPostgres``.
    ///   - diskMiB: The size of a file system of its own for the server, in memory; `nil`: it shares one. Needs the
    ///     right to mount (see ``canHaveDisk``).
    public static func start(
        settings: [String: String] = [:], diskMiB: Int? = nil
    ) async throws(PostgresServerError) -> TemporaryServer {
        try await make(diskMiB: diskMiB) { folder throws(PostgresServerError) in
            try await PostgresServer.start(folder: folder, options: options(settings))
        }
    }

    /// Starts a server that keeps what it commits, as one that people work with does: its settings are those of
    /// ``PostgresServer``, and not ``TemporaryPostgres``'s.
    ///
    /// - Parameter parent: The folder that the server's folder is made in.
    public static func startDurable(in parent: String) async throws(PostgresServerError) -> TemporaryServer {
        try await make(in: parent, diskMiB: nil) { folder throws(PostgresServerError) in
            try await PostgresServer.start(folder: folder)
        }
    }

    /// Starts a standby that follows `primary`, under `name`.
    public static func startStandby(
        of primary: PostgresServer, name: String, settings: [String: String] = [:], diskMiB: Int? = nil
    ) async throws(PostgresServerError) -> TemporaryServer {
        try await make(diskMiB: diskMiB) { folder throws(PostgresServerError) in
            try await PostgresServer.startStandby(of: primary, name: name, folder: folder, options: options(settings))
        }
    }

    /// Stops the server and removes all that it had.
    public func remove() async {
        await server.stop()
        await guardian.release()
    }

    /// Whether this program may mount file systems.
    public static func canHaveDisk() async -> Bool {
        guard let folder = try? makeFolder() else { return false }
        defer { rmdir(folder) }
        guard (try? await mount(folder, sizeMiB: 1)) != nil else { return false }
        _ = try? await Command.run(["umount", folder])
        return true
    }

    private static func options(_ settings: [String: String]) -> PostgresServer.Options {
        PostgresServer.Options(settings: TemporaryPostgres.settings.merging(settings) { _, new in new })
    }

    private static func make(
        in parent: String = "/tmp", diskMiB: Int?, _ start: (String) async throws(PostgresServerError) -> PostgresServer
    ) async throws(PostgresServerError) -> TemporaryServer {
        let folder = try makeFolder(in: parent)
        let guardian: Guardian
        do {
            guardian = try Guardian(watching: folder)
        } catch {
            rmdir(folder)
            throw .unusable(folder, error)
        }
        do throws(PostgresServerError) {
            if let diskMiB { try await mount(folder, sizeMiB: diskMiB) }
            return TemporaryServer(try await start(folder), folder: folder, guardian: guardian)
        } catch {
            await guardian.release()
            throw error
        }
    }

    private static func makeFolder(in parent: String = "/tmp") throws(PostgresServerError) -> String {
        var template = Array("\(parent)/strata-temporary-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .unusable(parent, SystemFailure()) }
        let folder = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
        // For root, whose server runs as somebody else. What is in there is private all the same.
        chmod(folder, 0o755)
        return folder
    }

    private static func mount(_ folder: String, sizeMiB: Int) async throws(PostgresServerError) {
        let outcome: Command.Outcome
        do {
            outcome = try await Command.run(
                ["mount", "-t", "tmpfs", "-o", "size=\(sizeMiB)m,mode=0755", "strata-test", folder])
        } catch {
            throw .unusable(folder, error)
        }
        guard outcome.isSuccess else {
            throw PostgresServerError(
                .folderUnusable, "No file system could be mounted at \(folder): do without, or run this as root.",
                log: outcome.output)
        }
    }
}
