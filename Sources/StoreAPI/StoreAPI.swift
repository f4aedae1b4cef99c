public import EventSourcing
public import HTTPSupport
public import Logging
public import ServiceLifecycle

/// The store itself over HTTP: services in other languages append to streams, read them and the log, and follow the
/// log.
public struct StoreAPI: Service {
    private let server: HTTPServer

    /// - Throws: ``HTTPServerError/Code/needsTokens`` when others could reach an API that asks nobody who they are.
    public init(
        store: some StreamStore, configuration: StoreAPIConfiguration, server: HTTPServer.Configuration,
        authenticator: Authenticator, probes: ServiceProbes, logger: Logger
    ) throws(HTTPServerError) {
        let routes = StoreRoutes(
            store: store, logs: Logs(store), configuration: configuration,
            followers: SubscriptionSlots(max: configuration.limits.followersMax), logger: logger)
        self.server = try HTTPServer(
            server, api: "store", authenticator: authenticator, probes: probes,
            openAPI: PackageResources.openapi_json, logger: logger, addRoutes: routes.add)
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    ///
    /// - Throws: ``HTTPServerError`` when it cannot listen.
    public func run() async throws { try await server.run() }

    /// The port that it listens on; waits until it does.
    public var port: Int { get async throws { try await server.port } }

    /// Every route, with its method: `GET /streams/{stream}`.
    var routes: [String] { server.routes }
}
