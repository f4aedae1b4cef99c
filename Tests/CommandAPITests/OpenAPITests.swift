import CoreMetrics
import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import Payments
import Testing

@testable import CommandAPI

struct OpenAPITests {
    private let document: OpenAPIDocument
    private let commands: [OpenAPIDocument.Operation]

    init() throws {
        document = try OpenAPIDocument(PackageResources.openapi_json)
        commands = document.operations.filter { $0.route.hasPrefix("POST ") }
    }

    @Test func `describes every route, and no other`() throws {
        let executor = CommandExecutor(store: InMemoryEventStore())
        let api = try CommandAPI(
            commands: executor, payments: PaymentService(provider: SimulatedPaymentProvider(), commands: executor),
            prices: PriceBook(store: executor.store, commands: executor, logger: quiet),
            server: HTTPServer.Configuration(port: 0), authenticator: .trustingThisMachine,
            probes: ServiceProbes(metrics: NOOPMetricsHandler.instance), logger: quiet)
        document.expectRoutes(api.routes)
    }

    @Test func `documents the problems of every command`() {
        for command in commands {
            let statuses = Set(command.responses.keys)
            for status in [
                "400", "401", "403", "404", "405", "406", "408", "409", "412", "413", "415", "422", "500", "503",
            ] {
                #expect(statuses.contains(status), "\(command.route) \(status)")
                #expect(command.responseSchema(Int(status) ?? 0)?["required"] != nil, "\(command.route) \(status)")
            }
            #expect(command.parameters.contains { $0["name"] == "Idempotency-Key" && $0["required"] == true })
        }
    }

    @Test func `has examples that the API accepts, and tells what it answers`() async throws {
        let document = document
        for command in commands {
            try await withShop { shop in
                let body = try #require(command.bodyExample, "\(command.route)")
                let path = try await prepare(shop, for: command)
                let reply = try await shop.post(path, body)
                #expect((200..<300).contains(reply.status), "\(command.route): \(reply.text)")
                let schema = try #require(command.responseSchema(reply.status), "\(command.route)")
                #expect(document.mistakes(in: reply.json, schema) == [], "\(command.route)")
            }
        }
    }

    @Test func `tells what a problem looks like`() async throws {
        let document = document
        let schema = try #require(commands[0].responseSchema(422))
        try await withShop { shop in
            for (path, body) in [("/products", ["x": 1]), ("/orders", twoDiscs)] {
                let reply = try await shop.post(path, body)
                #expect(document.mistakes(in: reply.json, schema) == [])
            }
        }
    }

    @Test func `names every code with which the store is unavailable`() {
        document.expectUnavailableCodes()
    }

    /// Makes what the example is about.
    ///
    /// - Returns: The address, about an order that is there.
    private func prepare(_ shop: Shop, for command: OpenAPIDocument.Operation) async throws -> String {
        guard command.route != "POST /products" else { return command.examplePath }
        try await shop.createProduct()
        _ = try await shop.post("/stock/main/CD-1177/receive", ["quantity": 100])
        let parts = command.examplePath.split(separator: "/")
        guard ["orders", "payments"].contains(parts[0]), parts.count == 3 else { return command.examplePath }
        let order = try await shop.placeOrder()
        try await shop.confirm(order)
        return "/\(parts[0])/\(order)/\(parts[2])"
    }
}
