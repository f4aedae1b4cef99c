internal import Foundation
internal import Glibc
internal import PostgresClient
internal import Testing

@testable internal import PostgresServer

/// Runs `body` with the path of a new folder in `parent`, and removes it afterwards.
func withFolder<R>(
    mode: mode_t = 0o755, named name: String = "strata-server-test-" + UUID().uuidString,
    _ body: (String) async throws -> R
) async throws -> R {
    let folder = "/tmp/" + name
    _ = try Files.makeFolder(folder, mode: mode)
    defer { Files.removeTree(folder) }
    return try await body(folder)
}

/// Runs `body` with a server in `folder`, and stops it afterwards.
func withServer<R>(
    in folder: String, _ options: PostgresServer.Options = .small, _ body: (PostgresServer) async throws -> R
) async throws -> R {
    let server = try await PostgresServer.start(folder: folder, options: options)
    let result = await Result { try await body(server) }
    await server.stop()
    return try result.get()
}

extension PostgresServer.Options {
    static var small: PostgresServer.Options {
        PostgresServer.Options(settings: ["fsync": "off", "shared_buffers": "16MB"])
    }
}

/// The first cell of the first row.
func ask(_ connectionString: String, _ sql: String) async throws -> String {
    try await PostgresConnection.with(ConnectionConfiguration(connectionString: connectionString)) { connection in
        try await connection.run { session in
            let rows = try session.execute(sql)
            return rows.rowCount == 0 ? "" : rows.text(0, 0)
        }
    }
}

func expect(
    _ connectionString: String, _ sql: String, gives answer: String, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let cell = try await ask(connectionString, sql)
    #expect(cell == answer, sourceLocation: sourceLocation)
}

func tell(_ connectionString: String, _ sql: String) async throws {
    try await PostgresConnection.with(ConnectionConfiguration(connectionString: connectionString)) { connection in
        try await connection.run { session in try session.executeScript(sql) }
    }
}
