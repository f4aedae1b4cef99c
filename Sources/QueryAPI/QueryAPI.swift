public import EventSourcing
public import HTTPSupport
public import Logging
public import PostgresClient
public import ServiceLifecycle

/// Answers questions about the shop over HTTP: from read models, and for its history from the log itself.
public struct QueryAPI: Service {
    private let server: HTTPServer

    /// - Parameters:
    ///   - pool: Connections to the database that has the read models.
    ///   - readModels: What the answers come from.
    ///   - positionPatience: How long a query waits until its read model has reached the position that it names.
    /// - Throws: ``HTTPServerError/Code/needsTokens`` when others could reach an API that asks nobody who they are.
    public init(
        store: any StreamStore, pool: PostgresPool, readModels: ReadModelSet,
        server configuration: HTTPServer.Configuration, authenticator: Authenticator, probes: ServiceProbes,
        positionPatience: Duration = .seconds(5), logger: Logger
    ) throws(HTTPServerError) {
        let gate = PositionGate(pool: pool, logs: Set(store.logNames), patience: positionPatience)
        let routes = QueryRoutes(store: store, pool: pool, gate: gate, readModels: readModels)
        server = try HTTPServer(
            configuration, api: "queries", authenticator: authenticator, probes: probes,
            openAPI: PackageResources.openapi_json, translator: .queries, logger: logger, addRoutes: routes.add)
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    ///
    /// - Throws: ``HTTPServerError`` when it cannot listen.
    public func run() async throws { try await server.run() }

    /// The port that it listens on; waits until it does.
    public var port: Int { get async throws { try await server.port } }

    /// Every route, with its method: `GET /orders/{id}`.
    var routes: [String] { server.routes }
}
