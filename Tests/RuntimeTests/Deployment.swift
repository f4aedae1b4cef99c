import EventSourcing
import FoundationEssentials
import Logging
import PostgresClient
import PostgresEventStore
import PostgresServer
import Runtime
import ServiceLifecycle
import Testing

/// A deployment of a test's own, with one log or several.
struct Deployment {
    let layout: LogLayout

    init() async throws {
        try await self.init(LogLayout(mainDatabase: TemporaryPostgres.database()))
    }

    init(_ layout: LogLayout) async throws {
        self.layout = layout
        _ = try await layout.migrate()
    }

    /// Three logs in two databases: purses and parcels are spread over two of them, and sagas have the third.
    static func spread() async throws -> Deployment {
        let routing = LogRouting(
            [
                .init(categories: ["purse", "parcel"], logs: ["left", "right"]),
                .init(categories: ["saga"], logs: ["sagas"]),
            ])
        return try await Deployment(
            LogLayout(
                mainDatabase: TemporaryPostgres.database(), logs: [.main, "left", "right", "sagas"],
                databases: ["right": TemporaryPostgres.database()], routing: routing))
    }

    var connectionString: String { layout.mainDatabase }

    var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// One process of the deployment: a store and a pool of its own.
    func withProcess<R: Sendable>(
        _ name: String = "process", _ body: (Process) async throws -> R
    ) async throws -> R {
        let store = try await layout.open(logger: logger)
        let pool = PostgresPool(
            ConnectionConfiguration(
                connectionString: connectionString, applicationName: name, role: "strata_application"))
        let process = Process(name: name, store: store, pool: pool, logger: logger)
        return try await running(store.logs) {
            let result = await Result { try await body(process) }
            await pool.close()
            return try result.get()
        }
    }

    /// As somebody with `psql` would.
    func query<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        try await PostgresConnection.with(ConnectionConfiguration(connectionString: connectionString)) { connection in
            try await connection.run(body)
        }
    }
}

struct Process: Sendable {
    let name: String
    let store: RoutedEventStore<PostgresEventStore>
    let pool: PostgresPool
    let logger: Logger

    func projector(_ models: [any ReadModel]) -> Projector<RoutedEventStore<PostgresEventStore>> {
        Projector(models, store: store, pool: pool, logger: logger)
    }

    /// Keeps its leases when the machine stands still for a while: for tests in which no other one may take over.
    func patientProjector(_ models: [any ReadModel]) -> Projector<RoutedEventStore<PostgresEventStore>> {
        Projector(models, store: store, pool: pool, leaseTime: patientLeaseTime, logger: logger)
    }

    func rebuild(_ model: any ReadModel) -> Rebuild<RoutedEventStore<PostgresEventStore>> {
        Rebuild(model, store: store, pool: pool)
    }

    /// Puts coins into purses, a few in each append.
    func append(_ coins: Int, purses: Int = 7) async throws {
        for first in stride(from: 0, to: coins, by: 5) {
            let stream = StreamCategory("purse").stream(String(first % purses))
            let events = try (first..<min(first + 5, coins)).map { number in
                let coin: Coin = number.isMultiple(of: 3) ? .removed(Int64(number)) : .added(Int64(number))
                return try NewEvent(coin, metadata: EventMetadata(correlationID: .make(), actor: "test"))
            }
            _ = try await store.append(events, to: stream, expecting: .any)
        }
    }

    /// All coins, log by log.
    func log() async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        for log in store.logs {
            events += try await log.readLog(
                after: nil, .forwards, filter: .events(of: Coin.self), limit: 10_000
            ).events
        }
        return events
    }

    /// Waits until a read model has seen every log to its end.
    func waitForHead(_ model: any ReadModel) async throws {
        for head in try await store.heads().all {
            let isThere = try await ReadModelStatus.wait(for: model, toReach: head, timeout: .seconds(60), pool: pool)
            try #require(isThere, "the read model \(model.name) does not reach \(head)")
        }
    }

    /// How far a read model has come in the log `main`.
    func position(_ model: any ReadModel) async throws -> Position {
        try await ReadModelStatus.load([model], [.main], pool: pool).first?.position ?? .start
    }

    func rows(_ ledger: Ledger) async throws -> [Ledger.Row] {
        try await pool.run { session in
            let rows = try session.execute(
                "SELECT position, purse, amount FROM read_models.\(ledger.table) ORDER BY position")
            return try (0..<rows.rowCount).map { row in
                Ledger.Row(
                    position: try rows.int64(row, 0), purse: rows.text(row, 1), amount: try rows.int64(row, 2))
            }
        }
    }

    func purses() async throws -> [String: Purse] {
        try await pool.run { session in
            let rows = try session.execute("SELECT key, document::text FROM read_models.purses")
            return try (0..<rows.rowCount).reduce(into: [:]) { purses, row in
                purses[rows.text(row, 0)] = try JSONDecoder().decode(Purse.self, from: Data(rows.bytes(row, 1)))
            }
        }
    }

    /// Expects both read models to hold what the log leads to.
    func expectRows(_ ledger: Ledger, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let log = try await log()
        #expect(try await rows(ledger) == ledger.rows(log), sourceLocation: sourceLocation)
    }
}

let purses = KeyedReadModel(Purse.self)
/// Less than tests wait for what others hold: a lease that could not be given back has run out by then.
let patientLeaseTime = Duration.seconds(30)

/// Runs `services` for as long as `body` takes.
func running<R: Sendable>(_ services: [any Service], _ body: () async throws -> R) async throws -> R {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for service in services { group.addTask { try await service.run() } }
        defer { group.cancelAll() }
        return try await body()
    }
}
