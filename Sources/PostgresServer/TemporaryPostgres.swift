internal import FoundationEssentials

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
        try await TemporaryServer.start(settings: settings).server
    }

    /// Small and fast, and unsafe in a power cut alone.
    static let settings = [
        "fsync": "off", "shared_buffers": "64MB", "max_connections": "1000", "max_wal_size": "1GB",
    ]
}
