internal import CommandAPI
internal import EventSourcing
internal import HTTPSupport
internal import PostgresEventStore
internal import Projections
internal import QueryAPI
internal import ServiceLifecycle
internal import StoreAPI

/// The HTTP servers of a process.
struct APIs {
    var commands: CommandAPI?
    var queries: QueryAPI?
    var prices: PriceBook<RoutedEventStore<PostgresEventStore>>?
    private var store: StoreAPI?
    private var health: HTTPServer?

    init(process: ServiceProcess) throws {
        let (shop, options, authenticator) = (process.shop, process.options, process.authenticator)
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
        if let settings = process.store {
            store = try StoreAPI(
                store: shop.store, configuration: settings.configuration,
                server: server(settings.port, "--store-port"), authenticator: authenticator,
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
