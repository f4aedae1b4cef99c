internal import EventSourcing
internal import Logging
internal import Payments
internal import PostgresClient
internal import PostgresEventStore
internal import Projections
internal import Runtime
internal import Sagas
internal import ServiceLifecycle
internal import Telemetry

/// The parts of the shop that every role is put together from.
struct Shop: Sendable {
    let store: RoutedEventStore<PostgresEventStore>
    /// For read models and leases.
    let pool: PostgresPool
    let commands: CommandExecutor<RoutedEventStore<PostgresEventStore>>
    let payments: PaymentService
    let logger: Logger

    /// - Parameter configure: Changes how each log works.
    /// - Throws: ``EventStoreError`` when a database is not as `layout` says.
    init(
        _ layout: LogLayout, logger: Logger, configure: (inout PostgresEventStore.Configuration) -> Void = { _ in }
    ) async throws {
        store = try await layout.open(logger: logger, configure: configure)
        pool = PostgresPool(
            ConnectionConfiguration(connectionString: layout.mainDatabase, role: "strata_application"),
            limits: .init(connectionsMax: 12))
        commands = CommandExecutor(store: store)
        payments = PaymentService(
            provider: TimeLimitedPaymentProvider(SimulatedPaymentProvider()), commands: commands)
        self.logger = logger
    }

    var projector: any Service {
        Projector(ShopReadModels.all, store: store, pool: pool, logger: logger)
    }

    func progress(_ metrics: MetricsRegistry) -> any Service {
        ProgressMetrics(ShopReadModels.all, store: store, pool: pool, factory: metrics, logger: logger)
    }

    /// Seals segments; none where their folder is not known.
    var notary: [any Service] {
        store.logs.compactMap { log in log.archive.map { Notary($0, store: log, logger: logger) } }
    }

    var sagas: [any Service] {
        [
            SagaCoordinator(
                OrderFulfilment(payments: payments), store: store, commands: commands, pool: pool, logger: logger),
            SagaCoordinator(
                OrderCancellation(payments: payments), store: store, commands: commands, pool: pool, logger: logger),
            SagaCoordinator(
                OrderRefund(payments: payments), store: store, commands: commands, pool: pool, logger: logger),
        ]
    }

    /// The logs, each of which works while it is run.
    var logs: [any Service] { store.logs }

    /// Runs `body` while the logs work.
    func withStore<R: Sendable>(_ body: () async throws -> R) async throws -> R {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for log in store.logs { group.addTask { try await log.run() } }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}

extension DatabaseOptions {
    /// Runs `body` with a shop whose database has the right schema.
    func withShop<R: Sendable>(
        _ logs: LogOptions, _ body: @escaping @Sendable (Shop) async throws -> R
    ) async throws -> R {
        try await withLogs { layout in
            let shop = try await Shop(layout, logger: logs.logger("strata"))
            return try await shop.withStore { try await body(shop) }
        }
    }
}

extension StreamStore {
    /// The log of this name, or the only one.
    func log(_ name: LogName?) throws(UnknownLog) -> Log {
        if let name, let log = log(named: name) { return log }
        guard name == nil, logs.count == 1 else { throw UnknownLog(names: logNames) }
        return logs[0]
    }
}

/// A log was not named that is there.
struct UnknownLog: Error, CustomStringConvertible {
    let names: [LogName]
    var description: String {
        "Name one of the logs, which are: " + names.map(\.rawValue).joined(separator: ", ") + ". Nothing was changed."
    }
}
