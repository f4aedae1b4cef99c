import CoreMetrics
import EventCodec
import EventSchema
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import PostgresEventStore
import PostgresServer

@testable import StoreAPI

/// The API on some store, through a real socket.
struct Service: Sendable {
    let client: TestClient
    let store: any StreamStore

    /// The newest position of the only log.
    func head() async throws -> Position { try await store.logs[0].head() }

    /// Appends `count` events of type `Happened`, one after the other.
    @discardableResult
    func append(_ count: Int = 1, to stream: String, type: String = "Happened", tags: [String] = []) async throws
        -> Reply
    {
        try await client.post("/streams/\(stream)", appending(count, type: type, tags: tags))
    }
}

/// The body of an append of `count` new events.
func appending(_ count: Int = 1, type: String = "Happened", tags: [String] = []) -> JSONValue {
    ["events": .array((0..<count).map { event(.integer($0), type: type, tags: tags) })]
}

func event(_ payload: JSONValue = [:], type: String = "Happened", tags: [String] = []) -> JSONValue {
    [
        "id": .string(EventID.make().description), "type": .string(type), "payload": payload,
        "tags": .array(tags.map { .string($0) }),
    ]
}

extension JSONValue {
    /// The value with another field, at the end.
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
        var object = object ?? [:]
        object[name] = value
        return .object(object)
    }

    /// The fields of the events in a page.
    func events(_ field: String) -> [JSONValue] { (self["events"]?.array ?? []).map { $0[field] ?? .null } }
}

/// Takes every type.
let anyType = StoreAPIConfiguration(schemas: SchemaRegistry(files: [:]), acceptsUnknownTypes: true)

func makeAPI(
    _ store: some StreamStore, _ configuration: StoreAPIConfiguration = anyType,
    _ authenticator: Authenticator = .trustingThisMachine, limits: HTTPLimits = HTTPLimits()
) throws -> StoreAPI {
    try StoreAPI(
        store: store, configuration: configuration, server: HTTPServer.Configuration(port: 0, limits: limits),
        authenticator: authenticator, probes: ServiceProbes(metrics: NOOPMetricsHandler.instance), logger: quiet)
}

func withService<R: Sendable>(
    _ store: some StreamStore = InMemoryEventStore(), _ configuration: StoreAPIConfiguration = anyType,
    _ authenticator: Authenticator = .trustingThisMachine, _ body: @Sendable (Service) async throws -> R
) async throws -> R {
    let api = try makeAPI(store, configuration, authenticator)
    return try await withServices([api]) {
        try await body(Service(client: TestClient(port: try await api.port), store: store))
    }
}

/// The API on PostgreSQL.
func withPostgresService<R: Sendable>(
    _ configuration: StoreAPIConfiguration = anyType, _ body: @Sendable (Service) async throws -> R
) async throws -> R {
    let database = try await TemporaryPostgres.database()
    _ = try await Migrator().migrate(database)
    return try await PostgresEventStore.with(.init(connectionString: database), logger: quiet) { store in
        try await withService(store, configuration) { try await body($0) }
    }
}
