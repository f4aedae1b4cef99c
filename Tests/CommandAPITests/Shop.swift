import Catalog
import CommandAPI
import Commerce
import CoreMetrics
import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import Inventory
import Orders
import Payments
import ServiceLifecycle

/// The command API on a log in memory, through a real socket.
typealias Shop = ShopOn<InMemoryEventStore>

/// The command API on a log, through a real socket.
struct ShopOn<Store: EventStore>: Sendable {
    let client: TestClient
    let store: Store
    let commands: CommandExecutor<Store>
    let payments: PaymentService

    /// A request of its own: a key that was never used.
    func post(
        _ path: String, _ body: JSONValue, key: String = EventID.make().description, headers: [String: String] = [:]
    ) async throws -> Reply {
        try await client.post(path, body, headers: ["Idempotency-Key": key].merging(headers) { $1 })
    }

    /// A product at 11.77.
    @discardableResult
    func createProduct(_ sku: String = "CD-1177", minorUnits: Int = 1177, currency: String = "USD") async throws
        -> Reply
    {
        try await post(
            "/products",
            [
                "sku": .string(sku), "name": "Kind of Blue", "taxClass": "standard",
                "price": ["minorUnits": .integer(minorUnits), "currency": .string(currency)],
            ])
    }

    /// - Returns: The id of an order of two CDs.
    func placeOrder(headers: [String: String] = [:]) async throws -> String {
        let reply = try await post("/orders", twoDiscs, headers: headers)
        return reply.json["orderId"]?.string ?? ""
    }

    /// Brings an order as far as the saga would.
    func confirm(_ order: String) async throws {
        var context: CommandContext { CommandContext(actor: "test") }
        let id = OrderID(rawValue: order)
        let amount =
            try await commands.state(of: order, as: Order.self).state.details?.total ?? .zero(Currency(rawValue: "USD"))
        try await payments.authorise(id, amount, cardToken: "tok_approve", context)
        try await payments.capture(id, amount, context)
        _ = try await commands.execute(.confirm, on: order, as: Order.self, context)
    }

    func order(_ id: String) async throws -> Order { try await commands.state(of: id, as: Order.self).state }
}

let twoDiscs: JSONValue = [
    "customerId": "4711", "lines": [["sku": "CD-1177", "quantity": 2]], "cardToken": "tok_approve",
]

/// - Parameter commands: Takes the executor's place.
func withShop<R: Sendable>(
    _ authenticator: Authenticator = .trustingThisMachine, commands port: (any CommandPort)? = nil,
    provider: any PaymentProvider = SimulatedPaymentProvider(), followsPrices: Bool = true,
    _ body: @Sendable (Shop) async throws -> R
) async throws -> R {
    try await withShop(
        on: InMemoryEventStore(), authenticator, commands: port, provider: provider, followsPrices: followsPrices, body)
}

/// - Parameter store: Runs, too, when it is a service.
func withShop<Store: EventStore, R: Sendable>(
    on store: Store, _ authenticator: Authenticator = .trustingThisMachine, commands port: (any CommandPort)? = nil,
    provider: any PaymentProvider = SimulatedPaymentProvider(), followsPrices: Bool = true,
    _ body: @Sendable (ShopOn<Store>) async throws -> R
) async throws -> R {
    let commands = CommandExecutor(store: store)
    let payments = PaymentService(provider: provider, commands: commands)
    let prices = PriceBook(store: store, commands: commands, logger: quiet)
    let api = try CommandAPI(
        commands: port ?? commands, payments: payments, prices: prices, server: HTTPServer.Configuration(port: 0),
        authenticator: authenticator, probes: ServiceProbes(metrics: NOOPMetricsHandler.instance), logger: quiet)
    let stores = [store as? any Service].compactMap { $0 }
    return try await withServices(stores + (followsPrices ? [api, prices] : [api])) {
        let client = TestClient(port: try await api.port)
        return try await body(ShopOn(client: client, store: store, commands: commands, payments: payments))
    }
}
