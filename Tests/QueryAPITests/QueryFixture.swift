import Catalog
import Commerce
import CoreMetrics
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import Inventory
import Orders
import PostgresClient
import PostgresEventStore
import PostgresServer
import Projections
import QueryAPI
import Runtime
import Testing

/// The query API on PostgreSQL, with the projectors that fill its read models.
struct QueryFixture: Sendable {
    let client: TestClient
    let store: PostgresEventStore
    let pool: PostgresPool
    private let commands: CommandExecutor<PostgresEventStore>

    init(client: TestClient, store: PostgresEventStore, pool: PostgresPool) {
        self.client = client
        self.store = store
        self.pool = pool
        commands = CommandExecutor(store: store)
    }

    /// Carries out `command`, and returns the header that lets a read see it.
    @discardableResult
    func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as _: A.Type, _ context: CommandContext = CommandContext(actor: "test")
    ) async throws -> [String: String] {
        let receipt = try await commands.execute(command, on: id, as: A.self, context)
        return ["Strata-Position": receipt.position?.description ?? "0"]
    }

    @discardableResult
    func createProduct(_ sku: String) async throws -> [String: String] {
        let details = ProductDetails(
            sku: SKU(rawValue: sku), name: "Kind of Blue", price: usd(1177), taxClass: .standard)
        return try await execute(.create(details), on: sku, as: Product.self)
    }

    @discardableResult
    func placeOrder(
        _ id: String, number: String? = nil, customer: String = "4711", on day: String = "1997-01-01", units: Int = 2
    ) async throws -> [String: String] {
        let line = OrderPlaced.Line(
            sku: SKU(rawValue: "CD-1177"), location: .main, quantity: units, unitPrice: usd(1177))
        let order = PlaceOrder(
            orderID: OrderID(rawValue: id), customerID: CustomerID(rawValue: customer),
            placedOn: CalendarDate(rawValue: day), lines: [line], discount: usd(0), total: usd(1177 * units),
            cardToken: "tok_approve")
        guard let number else { return try await execute(.place(order), on: id, as: Order.self) }
        let receipt = try await commands.execute(
            PlaceNumberedOrder(order, number: OrderNumber(rawValue: number)), CommandContext(actor: "test"))
        return ["Strata-Position": "\(receipt.position)"]
    }
}

func usd(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: Currency(rawValue: "USD")) }

let readModels = ReadModelSet(
    products: ShopReadModels.products, orderSummary: ShopReadModels.orderSummary,
    ordersByCustomer: ShopReadModels.ordersByCustomer, stockLevels: ShopReadModels.stockLevels,
    salesByDay: ShopReadModels.salesByDay, sagaInstances: ShopReadModels.sagaInstances)

/// - Parameters:
///   - projects: Whether the read models are filled. They are there when `body` begins.
///   - positionPatience: How long a query waits for its read model; nothing takes so long that works.
func withFixture<R: Sendable>(
    _ authenticator: Authenticator = .trustingThisMachine, projects: Bool = true,
    positionPatience: Duration = .seconds(60), _ body: @Sendable (QueryFixture) async throws -> R
) async throws -> R {
    let connectionString = try await TemporaryPostgres.database()
    _ = try await Migrator().migrate(connectionString)
    let pool = PostgresPool(ConnectionConfiguration(connectionString: connectionString, role: "strata_application"))
    let store = PostgresEventStore(.init(connectionString: connectionString), logger: quiet)
    let api = try QueryAPI(
        store: store, pool: pool, readModels: readModels, server: HTTPServer.Configuration(port: 0),
        authenticator: authenticator, probes: ServiceProbes(metrics: NOOPMetricsHandler.instance),
        positionPatience: positionPatience, logger: quiet)
    let projector = Projector(ShopReadModels.all, store: store, pool: pool, logger: quiet)
    return try await withServices(projects ? [store, api, projector] : [store, api]) {
        for model in projects ? ShopReadModels.all : [] {
            let isThere = try await ReadModelStatus.wait(
                for: model, toReach: LogPosition(store.log, .start), timeout: .seconds(60), pool: pool)
            try #require(isThere, "the read model \(model.name) was not begun in time")
        }
        return try await body(QueryFixture(client: TestClient(port: try await api.port), store: store, pool: pool))
    }
}
