import EventSourcing
import Logging
import PostgresClient
import PostgresEventStore
import Runtime
import ServiceLifecycle
import UnixSignals

func run(on connectionString: String) async throws {
    _ = try await Migrator().migrate(connectionString)
    let logger = Logger(label: "bank")
    let store = PostgresEventStore(.init(connectionString: connectionString), logger: logger)
    let pool = PostgresPool(ConnectionConfiguration(connectionString: connectionString, role: "strata_application"))
    let commands = CommandExecutor(store: store)
    let models: [any ReadModel] = [KeyedReadModel(Balance.self), SagaInstances()]
    let group = ServiceGroup(
        services: [
            store, Projector(models, store: store, pool: pool, logger: logger),
            SagaCoordinator(Transfer(), store: store, commands: commands, pool: pool, logger: logger),
        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await group.run()
}

func balance(of account: String, _ pool: PostgresPool) async throws -> Int64? {
    try await pool.run { session in
        let rows = try session.execute(
            "SELECT (document->>'cents')::bigint FROM read_models.balances WHERE key = $1", [.text(account)])
        return rows.rowCount == 0 ? nil : try rows.int64(0, 0)
    }
}
