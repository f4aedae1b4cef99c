import EventSourcing
import Logging
import PostgresClient
import PostgresEventStore
import PostgresServer

/// A database of a test's own, with the event store's schema.
struct StoreFixture {
    let connectionString: String

    init() async throws {
        connectionString = try await TemporaryPostgres.database()
        _ = try await Migrator().migrate(connectionString)
    }

    var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// Runs a store, as one process would.
    func withStore<R: Sendable>(_ body: @Sendable (PostgresEventStore) async throws -> R) async throws -> R {
        let configuration = PostgresEventStore.Configuration(connectionString: connectionString)
        return try await PostgresEventStore.with(configuration, logger: logger) { store in try await body(store) }
    }

    /// A connection that works as the application's role.
    func connect(as role: String? = "strata_application") async throws -> PostgresConnection {
        try await PostgresConnection.connect(ConnectionConfiguration(connectionString: connectionString, role: role))
    }
}

func newStream() -> StreamName { StreamCategory("test").stream(EventID.make().description) }

func event(_ type: EventType = "Happened") -> NewEvent {
    NewEvent(type: type, payload: Array("{}".utf8), metadata: EventMetadata(correlationID: .make(), actor: "test"))
}
