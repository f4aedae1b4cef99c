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

    var logger: Logger { Self.logger }

    static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// Runs a store, as one process would.
    func withStore<R: Sendable>(
        _ configure: (inout PostgresEventStore.Configuration) -> Void = { _ in },
        _ body: @Sendable (PostgresEventStore) async throws -> R
    ) async throws -> R {
        var configuration = PostgresEventStore.Configuration(connectionString: connectionString)
        configure(&configuration)
        return try await PostgresEventStore.with(configuration, logger: logger) { store in try await body(store) }
    }

    /// A connection that holds something for a while, by default one that works as the application's role.
    func connect(as role: String? = "strata_application") async throws -> PostgresConnection {
        try await PostgresConnection.connect(ConnectionConfiguration(connectionString: connectionString, role: role))
    }

    /// Runs `body` on a connection of its own, by default as the owner.
    func run<R: Sendable>(as role: String? = nil, _ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        let configuration = ConnectionConfiguration(connectionString: connectionString, role: role)
        return try await PostgresConnection.with(configuration) { try await $0.run(body) }
    }
}

func newStream() -> StreamName { StreamCategory("test").stream(EventID.make().description) }

func event(_ type: EventType = "Happened") -> NewEvent {
    NewEvent(type: type, payload: Array("{}".utf8), metadata: EventMetadata(correlationID: .make(), actor: "test"))
}
