internal import Commerce
internal import CoreMetrics
internal import EventSourcing
internal import HTTPSupport
internal import Logging
internal import PostgresEventStore
internal import PostgresServer
internal import ServiceLifecycle
internal import Telemetry

/// Runs the services of `roles` until a signal asks them to stop.
///
/// - Parameters:
///   - authenticator: Made from `server` before anything was started, as is `store`: what is wrong with them is said
///     while nothing has to be undone.
///   - store: Set when one of the roles is the store.
func runProcess(
    _ roles: Set<ProcessRole>, on layout: LogLayout, _ server: ServerOptions, _ logs: LogOptions,
    authenticator: Authenticator, store: StoreSettings? = nil, postgres: PostgresServer?, addsSample: Bool
) async throws {
    LoggingSystem.bootstrap { StrataLogHandler(label: $0) }
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)
    let logger = logs.logger("strata")
    let shop = try await StopSignals.cancelling { try await Shop(layout, logger: logger, configure: server.apply) }
    let process = ServiceProcess(
        shop: shop, roles: roles, options: server, authenticator: authenticator, store: store, metrics: metrics)
    let (working, apis) = try process.services()
    let keeper: [any Service] = postgres.map { [PrivatePostgres(server: $0, logger: logger)] } ?? []
    let starter = Starter(shop: shop, addsSample: addsSample) { hasSample in
        Banner(apis: apis, host: server.host, hasSample: hasSample && server.tokens == nil)
    }
    let services = keeper + working + [starter]
    // It describes services by all that is in them.
    var lifecycleLogger = logger
    lifecycleLogger.logLevel = max(logger.logLevel, .notice)
    let group = ServiceGroup(
        configuration: .init(
            // A service that fails must not cut the others off in the middle of what they do.
            services: services.map { .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup) },
            logger: lifecycleLogger))
    try await StopSignals.shuttingDown(group)
}

/// Adds the sample product to an empty shop, and then says that everything is up.
private struct Starter: Service {
    let shop: Shop
    let addsSample: Bool
    let banner: @Sendable (Bool) -> Banner

    func run() async throws {
        if addsSample { try await SampleProduct.add(to: shop) }
        let hasSample = try await !shop.store.read(
            StreamName(category: "product", id: SampleProduct.sku.rawValue), from: nil, .forwards, limit: 1
        ).events.isEmpty
        try await banner(hasSample).run()
        try? await gracefulShutdown()
    }
}
