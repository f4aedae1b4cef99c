import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import HTTPTypes
import Hummingbird
import Logging
import Telemetry

/// A server with a few routes, through a real socket.
func withServer<R: Sendable>(
    _ authenticator: Authenticator = .trustingThisMachine, probes: ServiceProbes = ServiceProbes(),
    logger: Logger = quiet,
    _ body: @Sendable (TestClient, HTTPServer) async throws -> R
) async throws -> R {
    let server = try HTTPServer(
        HTTPServer.Configuration(port: 0), api: "test", authenticator: authenticator, probes: probes,
        openAPI: Array(#"{"openapi":"3.1.0"}"#.utf8), logger: logger, addRoutes: addRoutes)
    return try await withServices([server]) { try await body(TestClient(port: try await server.port), server) }
}

private struct Unexpected: Error {
    let secret = "personal"
}

private struct Refused: Error, CustomStringConvertible {
    let description = "connection to db.example refused"
}

private func addRoutes(_ routes: APIRoutes) {
    routes.on(.get, "things/{name}", for: .all) { request in
        let name = try request.parameter("name")
        return .json(Array("{\"name\":\"\(name)\",\"actor\":\"\(request.principal.actor)\"}".utf8))
    }
    routes.on(.delete, "things/{name}", for: .operatorRole) { _ in .json(Array("{}".utf8)) }
    routes.on(.post, "echo", for: .staff) { request in .json(try await request.body().jsonBytes) }
    routes.on(.get, "query", for: .all) { request in
        let query = try request.query("limit", "from")
        return .json(Array("{\"limit\":\(try query.integer("limit", in: 1...10) ?? 0)}".utf8))
    }
    routes.on(.get, "unexpected", for: .all) { _ in throw Unexpected() }
    routes.on(.get, "archived", for: .all) { _ in throw EventStoreError(.archived, "Give the folder.") }
    routes.on(.get, "away", for: .all) { _ in throw EventStoreError(.unavailable, "It is away.", cause: Refused()) }
    routes.on(.get, "overloaded", for: .all) { _ in throw EventStoreError(.overloaded, "full") }
    routes.on(.get, "endless", for: .all) { request in
        request.stream(patience: .seconds(10)) { stream in
            while stream.isWanted {
                try await stream.write(Array("x\n".utf8))
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
    routes.on(.get, "framework", for: .all) { _ in throw HTTPError(.badRequest, message: "the framework's own") }
}
