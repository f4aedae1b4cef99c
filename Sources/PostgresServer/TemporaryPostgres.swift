internal import FoundationEssentials
internal import Glibc

/// PostgreSQL for tests: one throw-away server for the whole process, and a fresh database for each test.
///
/// The server and its folder go when the process ends, however it ends. Processes do not share servers, so any number
/// of them can run at once.
public enum TemporaryPostgres {
    private static let shared = Task { () -> Result<PostgresServer, PostgresServerError> in
        do throws(PostgresServerError) { return .success(try await start()) } catch { return .failure(error) }
    }

    /// The server that the tests of this process share; it starts when it is first asked for.
    public static func server() async throws(PostgresServerError) -> PostgresServer { try await shared.value.get() }

    /// A connection string of a new database, which lives as long as the process.
    ///
    /// - Parameter template: A database of ``server()`` that the new one is a copy of; nobody may be connected to it.
    public static func database(template: String = "template0") async throws(PostgresServerError) -> String {
        let server = try await server()
        let name = "test_" + UUID().uuidString.lowercased()
        try await server.createDatabase(name, template: template)
        return server.connectionString(database: name)
    }

    /// A server of a test's own, for tests that kill it.
    public static func start(settings: [String: String] = [:]) async throws(PostgresServerError) -> PostgresServer {
        var options = PostgresServer.Options()
        options.settings = Self.settings.merging(settings) { _, new in new }
        let folder = try makeFolder()
        do {
            try Guardian.watch(folder)
        } catch {
            rmdir(folder)
            throw .unusable(folder, error)
        }
        return try await PostgresServer.start(folder: folder, options: options)
    }

    /// Small and fast, and unsafe in a power cut alone.
    private static let settings = [
        "fsync": "off", "shared_buffers": "64MB", "max_connections": "300", "max_wal_size": "1GB",
    ]

    private static func makeFolder() throws(PostgresServerError) -> String {
        var template = Array("/tmp/strata-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .unusable("/tmp", SystemFailure()) }
        let folder = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
        // For root, whose server runs as somebody else. What is in there is private all the same.
        chmod(folder, 0o755)
        return folder
    }
}

/// A process that waits for the end of this one, and then kills a throw-away server and removes its folder.
///
/// `atexit` would not do: a test that crashes never gets there.
private enum Guardian {
    private static let script = """
        cat >/dev/null
        data=$1/postgres/data
        pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || pid=
        if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$data" ]; then
            kill -QUIT "$pid"
            for _ in $(seq 100); do [ -e "$data/postmaster.pid" ] || break; sleep 0.05; done
        fi
        rm -rf "$1"
        """

    /// The guardian waits for the end of a connection whose other end is never closed by this process, but by the
    /// system when the process is gone.
    static func watch(_ folder: String) throws(SystemFailure) {
        var ends: [CInt] = [-1, -1]
        // Not a pipe: a pair of sockets can be closed to other children from the beginning.
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemFailure() }
        defer { close(ends[0]) }
        do {
            _ = try ChildProcess.spawn(["sh", "-c", script, "strata-guardian", folder], input: ends[0])
        } catch {
            close(ends[1])
            throw error
        }
    }
}
