internal import ArgumentParser
internal import CommandAPI
internal import EventSourcing
internal import HTTPSupport
internal import Logging
internal import PostgresEventStore
internal import Projections
internal import QueryAPI
internal import ServiceLifecycle
internal import StoreAPI
internal import Telemetry

/// What one process of a deployment does.
enum Role: String, CaseIterable, ExpressibleByArgument {
    case commands, queries, projector, sagas, notary, store

    /// Those that make up the shop. The store over HTTP passes by the shop's rules, and is served where it is asked for.
    static let shop: Set<Role> = [.commands, .queries, .projector, .sagas, .notary]

    var summary: String {
        switch self {
        case .commands: "the command API: takes writes over HTTP"
        case .queries: "the query API: answers reads over HTTP"
        case .projector: "keeps the read models up to date"
        case .sagas: "drives orders, stock and payments to their end"
        case .notary: "seals full ranges of the log into segments, in the folder --archive"
        case .store: "the store API: lets services in other languages append, read and follow over HTTP"
        }
    }
}

/// Where the APIs listen, and whom they let in.
struct ServerOptions: ParsableArguments {
    @Option(help: "The address that the APIs listen on. Another one than this machine's own needs --tokens.")
    var host = "127.0.0.1"

    @Option(help: "The port of the command API.")
    var commandPort = 8081

    @Option(help: "The port of the query API.")
    var queryPort = 8082

    @Option(help: "The port of /health, /ready and /metrics of a process without an API.")
    var healthPort = 8084

    @Option(help: "A file of tokens (see 'strata tokens'). Without it everybody on this machine may do everything.")
    var tokens: String?

    @Option(
        help: ArgumentHelp(
            "A folder in which processes of this machine that write to the same logs find each other.",
            discussion: "One of them then writes for all, which is faster than taking turns. Its path must be short.",
            valueName: "folder"))
    var writerFolder: String?

    @OptionGroup(title: "Limits") var limits: LimitOptions

    func apply(to configuration: inout PostgresEventStore.Configuration) {
        limits.apply(to: &configuration)
        configuration.writerFolder = writerFolder
    }

    func validate() throws {
        for port in [commandPort, queryPort, healthPort] where !(0...65_535).contains(port) {
            throw ValidationError("\(port) is not a port: ports are between 0 and 65535.")
        }
    }

    func authenticator() throws -> Authenticator {
        guard let tokens else { return .trustingThisMachine }
        return .tokens(try TokenFile(path: tokens).load())
    }
}

/// The services of a process, put together from its roles.
struct Process {
    let shop: Shop
    let roles: Set<Role>
    let options: ServerOptions
    /// Set when one of the roles is the store.
    let storeOptions: StoreOptions?
    let metrics: MetricsRegistry

    /// In the order in which they start; they stop in reverse, so that the store is there until the last of them is done.
    func services() throws -> (all: [any Service], apis: APIs) {
        var services = shop.logs
        if roles.contains(.projector) { services.append(shop.projector) }
        if roles.contains(.sagas) { services += shop.sagas }
        if roles.contains(.notary) { services += shop.notary }
        if roles.contains(.projector) || roles.contains(.sagas) { services.append(shop.progress(metrics)) }
        let apis = try APIs(process: self)
        if let prices = apis.prices { services.append(prices) }
        services += apis.servers
        return (services, apis)
    }

    var probes: ServiceProbes {
        ServiceProbes(
            readiness: { [logs = shop.store.logs] in await readiness(of: logs) },
            metricsText: { [metrics] in metrics.render() }, metrics: metrics)
    }
}

/// Asks all logs at once: several that do not answer take no longer than one.
private func readiness(of logs: [PostgresEventStore]) async -> Readiness {
    await withTaskGroup(of: EventStoreError?.self) { group in
        for log in logs {
            group.addTask {
                do throws(EventStoreError) {
                    try await log.verify()
                    return nil
                } catch {
                    return error
                }
            }
        }
        for await error in group {
            guard let error else { continue }
            group.cancelAll()
            return .notReady(error.message)
        }
        return .ready
    }
}

/// The HTTP servers of a process.
struct APIs {
    var commands: CommandAPI?
    var queries: QueryAPI?
    var prices: PriceBook<RoutedEventStore<PostgresEventStore>>?
    private var store: StoreAPI?
    private var health: HTTPServer?

    init(process: Process) throws {
        let (shop, options) = (process.shop, process.options)
        let authenticator = try options.authenticator()
        func server(_ port: Int, _ option: String) -> HTTPServer.Configuration {
            .init(host: options.host, port: port, portOption: option)
        }
        if process.roles.contains(.commands) {
            let prices = PriceBook(store: shop.store, commands: shop.commands, logger: shop.logger)
            self.prices = prices
            commands = try CommandAPI(
                commands: shop.commands, payments: shop.payments, prices: prices,
                server: server(options.commandPort, "--command-port"), authenticator: authenticator,
                probes: process.probes, logger: shop.logger)
        }
        if process.roles.contains(.queries) {
            queries = try QueryAPI(
                store: shop.store, pool: shop.pool, readModels: .shop,
                server: server(options.queryPort, "--query-port"),
                authenticator: authenticator, probes: process.probes, logger: shop.logger)
        }
        if process.roles.contains(.store), let storeOptions = process.storeOptions {
            store = try StoreAPI(
                store: shop.store, configuration: try storeOptions.configuration(options.limits),
                server: server(storeOptions.storePort, "--store-port"), authenticator: authenticator,
                probes: process.probes, logger: shop.logger)
        }
        if commands == nil, queries == nil, store == nil {
            health = try HTTPServer(
                server(options.healthPort, "--health-port"), api: "health", authenticator: authenticator,
                probes: process.probes, openAPI: Array("{}".utf8), logger: shop.logger, addRoutes: { _ in })
        }
    }

    var servers: [any Service] {
        [
            commands as (any Service)?, queries as (any Service)?, store as (any Service)?, health as (any Service)?,
        ].compactMap { $0 }
    }
}

extension ReadModelSet {
    fileprivate static var shop: ReadModelSet {
        ReadModelSet(
            products: ShopReadModels.products, orderSummary: ShopReadModels.orderSummary,
            ordersByCustomer: ShopReadModels.ordersByCustomer, stockLevels: ShopReadModels.stockLevels,
            salesByDay: ShopReadModels.salesByDay, sagaInstances: ShopReadModels.sagaInstances)
    }
}
