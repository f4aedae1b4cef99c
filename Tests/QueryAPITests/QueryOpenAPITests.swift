import Commerce
import CoreMetrics
import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import Inventory
import Orders
import PostgresClient
import SagaEngine
import Testing

@testable import QueryAPI

struct QueryOpenAPITests {
    private let document: OpenAPIDocument
    private let queries: [OpenAPIDocument.Operation]

    init() throws {
        document = try OpenAPIDocument(PackageResources.openapi_json)
        queries = document.operations.filter { $0.value["tags"]?.array != ["Service"] }
    }

    @Test func `describes every route, and no other`() throws {
        let api = try QueryAPI(
            store: InMemoryEventStore(), pool: PostgresPool(ConnectionConfiguration(connectionString: "")),
            readModels: readModels, server: HTTPServer.Configuration(port: 0), authenticator: .trustingThisMachine,
            probes: ServiceProbes(metrics: NOOPMetricsHandler.instance), logger: quiet)
        document.expectRoutes(api.routes)
    }

    @Test func `documents the problems of every query`() {
        for query in queries {
            for status in ["400", "401", "403", "404", "405", "406", "500", "503"] {
                #expect(query.responses[status] != nil, "\(query.route) \(status)")
                #expect(query.responseSchema(Int(status) ?? 0)?["required"] != nil, "\(query.route) \(status)")
            }
        }
    }

    @Test func `names every code with which the store is unavailable`() {
        document.expectUnavailableCodes()
    }

    @Test func `tells what every query answers`() async throws {
        let (document, queries) = (document, queries)
        try await withFixture { fixture in
            let paths = try await history(fixture)
            for query in queries {
                let path = try #require(paths[query.route], "\(query.route)")
                let reply = try await fixture.client.get(path)
                #expect(reply.status == 200, "\(query.route): \(reply.text)")
                let schema = try #require(query.responseSchema(200))
                #expect(document.mistakes(in: reply.json, schema) == [], "\(query.route)")
            }
        }
    }

    /// Something for each query to show.
    ///
    /// - Returns: Where it is shown, once it can be.
    private func history(_ fixture: QueryFixture) async throws -> [String: String] {
        let correlation = CorrelationID.make()
        let item = StockItem(sku: SKU(rawValue: "CD-1177"), location: .main)
        try await fixture.createProduct("CD-1177")
        try await fixture.execute(.receive(item, quantity: 5), on: item.id, as: Stock.self)
        try await fixture.placeOrder("o-1", number: "PO-1")
        try await fixture.execute(.confirm, on: "o-1", as: Order.self)
        try await fixture.execute(.ship(carrier: "Post", tracking: "T-1"), on: "o-1", as: Order.self)
        let started = SagaStarted(
            saga: "order-fulfilment", version: 1, key: "o-1",
            trigger: .init(position: 1, eventID: EventID.make().description, correlationID: correlation.description))
        let receipt = try await fixture.store.append(
            [try NewEvent(SagaEvent.started(started), metadata: .init(correlationID: correlation, actor: "saga"))],
            to: SagaStream.name("order-fulfilment", key: "o-1"), expecting: .noStream)
        let position = ["Strata-Position": "\(receipt.position)"]
        for path in [
            "/products", "/stock/main/CD-1177", "/orders/o-1", "/orders?number=PO-1", "/orders/o-1/saga",
            "/customers/4711/orders", "/sales",
        ] {
            _ = try await fixture.client.get(path, headers: position)
        }
        return [
            "GET /products": "/products?limit=1", "GET /products/{sku}": "/products/CD-1177",
            "GET /stock/{location}/{sku}": "/stock/main/CD-1177", "GET /orders/{id}": "/orders/o-1",
            "GET /orders": "/orders?number=PO-1",
            "GET /orders/{id}/saga": "/orders/o-1/saga",
            "GET /customers/{id}/orders": "/customers/4711/orders?limit=1", "GET /sales": "/sales",
            "GET /streams/{name}/events": "/streams/order-o-1/events?limit=1",
            "GET /correlations/{id}/events": "/correlations/\(correlation)/events",
        ]
    }
}
