internal import EventSourcing
internal import Logging
internal import Payments
internal import PostgresClient
internal import PostgresEventStore
internal import Projections
internal import Runtime
internal import Sagas
internal import ServiceLifecycle

/// The parts of the shop that every role is put together from.
struct Shop: Sendable {
    let store: PostgresEventStore
    /// For read models and leases.
    let pool: PostgresPool
    let commands: CommandExecutor<PostgresEventStore>
    let payments: PaymentService
    let logger: Logger

    /// The cold part of the log, where its folder is known.
    let archive: PostgresArchive?

    /// - Parameter configure: Changes how the store works.
    init(
        connectionString: String, archiveFolder: String?, logger: Logger,
        configure: (inout PostgresEventStore.Configuration) -> Void = { _ in }
    ) {
        var configuration = PostgresEventStore.Configuration(connectionString: connectionString)
        configuration.archiveFolder = archiveFolder
        configure(&configuration)
        store = PostgresEventStore(configuration, logger: logger)
        archive = archiveFolder.map { PostgresArchive(connectionString: connectionString, folder: $0) }
        pool = PostgresPool(
            ConnectionConfiguration(connectionString: connectionString, role: "strata_application"),
            limits: .init(connectionsMax: 12))
        commands = CommandExecutor(store: store)
        payments = PaymentService(provider: SimulatedPaymentProvider(), commands: commands)
        self.logger = logger
    }

    var projector: any Service {
        Projector(ShopReadModels.all, store: store, pool: pool, logger: logger)
    }

    /// Seals segments; none where their folder is not known.
    var notary: [any Service] {
        archive.map { [Notary($0, store: store, logger: logger)] } ?? []
    }

    var sagas: [any Service] {
        [
            SagaCoordinator(
                OrderFulfilment(payments: payments), store: store, commands: commands, pool: pool, logger: logger),
            SagaCoordinator(
                OrderCancellation(payments: payments), store: store, commands: commands, pool: pool, logger: logger),
        ]
    }

    /// Runs `body` while the store works.
    func withStore<R: Sendable>(_ body: () async throws -> R) async throws -> R {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}

extension DatabaseOptions {
    /// Runs `body` with a shop whose database has the right schema.
    func withShop<R: Sendable>(_ logs: LogOptions, _ body: (Shop) async throws -> R) async throws -> R {
        try await withDatabase { connectionString in
            let shop = Shop(
                connectionString: connectionString, archiveFolder: archiveFolder, logger: logs.logger("strata"))
            return try await shop.withStore {
                try await shop.store.verify()
                return try await body(shop)
            }
        }
    }
}
