internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// Serves one API over HTTP, from ``run()`` until it is stopped; a graceful stop finishes the requests under way.
public struct HTTPServer: Service {
    /// Where a server listens.
    public struct Configuration: Sendable {
        public var host: String
        /// 0: any port that is free.
        public var port: Int
        /// The command line option that sets the port, for the sentence that says it is in use.
        public var portOption: String
        public var limits: HTTPLimits

        public init(
            host: String = "127.0.0.1", port: Int, portOption: String = "--port", limits: HTTPLimits = HTTPLimits()
        ) {
            self.host = host
            self.port = port
            self.portOption = portOption
            self.limits = limits
        }
    }

    private let configuration: Configuration
    private let application: Application<APIResponder>
    private let bound = BoundPort()
    /// Every route, with its method and with braces around its parameters: `GET /orders/{id}`.
    public let routes: [String]

    /// - Parameters:
    ///   - api: A name that tells the APIs of one process apart, in metrics and logs.
    ///   - openAPI: The API's description, served as it is.
    ///   - addRoutes: Adds the API's own routes.
    /// - Throws: ``HTTPServerError/Code/needsTokens`` when others could reach a server that asks nobody who they are.
    public init(
        _ configuration: Configuration, api: String, authenticator: Authenticator, probes: ServiceProbes,
        openAPI: [UInt8], translator: ErrorTranslator = ErrorTranslator(), logger: Logger,
        addRoutes: (APIRoutes) -> Void
    ) throws(HTTPServerError) {
        try authenticator.requireTokens(on: configuration.host)
        self.configuration = configuration
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        ServiceRoutes(probes: probes, openAPI: openAPI).add(to: router)
        addRoutes(APIRoutes(router: router, authenticator: authenticator))
        routes = router.routes.map { "\($0.method) \($0.path)" }
        let responder = APIResponder(
            router: router.buildResponder(), allowed: AllowedMethods(router), translator: translator,
            metrics: AccessMetrics(api: api, factory: probes.metrics))
        application = Self.application(configuration, responder, bound, logger)
    }

    private static func application(
        _ configuration: Configuration, _ responder: APIResponder, _ bound: BoundPort, _ logger: Logger
    ) -> Application<APIResponder> {
        let limits = configuration.limits
        return Application(
            responder: responder,
            server: .http1(configuration: connection(limits, responder.metrics)),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: .maximum(limits.connectionsMax, logger: logger)),
            onServerRunning: { channel in bound.succeed(channel.localAddress?.port ?? configuration.port) },
            logger: logger)
    }

    private static func connection(_ limits: HTTPLimits, _ metrics: AccessMetrics) -> HTTP1Channel.Configuration {
        let patience = TimeAmount(limits.idleTimeout)
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                StalledClientHandler(patience: patience),
                PatientCloseHandler(patience: patience, stopTimeout: TimeAmount(limits.stopTimeout)),
                LastAnswerHandler(), InFlightHandler(metrics: metrics),
            ],
            idleTimeout: patience,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytesMax, maxHeaderListSize: limits.headerBytesMax,
                maxHeaderFieldCount: 100))
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    ///
    /// - Throws: ``HTTPServerError`` when it cannot listen.
    public func run() async throws {
        let group = ServiceGroup(configuration: groupConfiguration)
        // Of its own, so that cancelling does not reach it: the framework would leave connections that it has just
        // accepted to nobody, which ends the process. It is always stopped gracefully, and never while it starts.
        let serving = Task.detached { try await group.run() }
        do {
            try await withTaskCancellationOrGracefulShutdownHandler {
                try await serving.value
            } onCancelOrGracefulShutdown: {
                Task {
                    _ = try? await bound.value
                    await group.triggerGracefulShutdown()
                }
            }
            bound.fail(.stopped)
        } catch is CancellationError {
            bound.fail(.stopped)
        } catch {
            let failure = HTTPServerError(error, configuration)
            bound.fail(failure)
            throw failure
        }
    }

    private var groupConfiguration: ServiceGroupConfiguration {
        var configuration = ServiceGroupConfiguration(services: [application], logger: application.logger)
        configuration.maximumGracefulShutdownDuration = self.configuration.limits.stopTimeout
        return configuration
    }

    /// The port that the server listens on; waits until it does.
    ///
    /// - Throws: ``HTTPServerError`` when it does not come to that.
    public var port: Int { get async throws { try await bound.value } }
}
