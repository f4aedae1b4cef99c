import EventCodec
import EventSourcing
import HTTPTestSupport
import Testing

struct SeveralLogsTests {
    private let store = RoutedEventStore(
        [InMemoryEventStore(), InMemoryEventStore(log: "orders")],
        routing: LogRouting([LogRouting.Rule(categories: ["order"], logs: ["orders"])]))

    @Test func `finds streams wherever they lie, and says which log positions count in`() async throws {
        try await withService(store) { service in
            try await service.append(to: "cart-1")
            let placed = try await service.append(2, to: "order-1")
            #expect(placed.json == ["stream": "order-1", "revision": 1, "log": "orders", "position": 2])
            #expect(placed["strata-position"] == "orders:2")
            #expect(try await service.client.get("/streams/order-1").json.events("log") == ["orders", "orders"])
            #expect(try await service.client.get("/streams/order-1/metadata").json["log"] == "orders")
            #expect(
                try await service.client.get("/logs").json["logs"]
                    == [["log": "main", "head": 1], ["log": "orders", "head": 2]])
        }
    }

    @Test func `lists all logs together, or one`() async throws {
        try await withService(store) { service in
            for name in ["zebra-1", "order-2", "cart-1", "order-1"] { try await service.append(to: name) }
            func names(_ query: String) async throws -> [JSONValue] {
                let page = try await service.client.get("/streams?\(query)").json
                return (page["streams"]?.array ?? []).map { $0["stream"] ?? .null }
            }
            let (first, rest, one) = (
                try await names("limit=2"), try await names("after=order-1"), try await names("log=orders")
            )
            #expect(first == ["cart-1", "order-1"])
            #expect(rest == ["order-2", "zebra-1"])
            #expect(one == ["order-1", "order-2"])
            #expect(try await service.client.get("/categories").json["categories"] == ["cart", "order", "zebra"])
            #expect(try await service.client.get("/categories?log=main").json["categories"] == ["cart", "zebra"])
        }
    }

    @Test func `reads and follows a log that is named`() async throws {
        try await withService(store) { service in
            try await service.append(to: "cart-1")
            try await service.append(3, to: "order-1")
            #expect(try await service.client.get("/log?log=orders").json.events("position") == [1, 2, 3])
            #expect(try await service.client.get("/log?log=main").json["log"] == "main")
            for path in ["/log", "/log/follow"] {
                let reply = try await service.client.get(path)
                #expect(reply.status == 400)
                #expect(reply.places == ["log"])
            }
            try await service.client.stream("/log/follow?log=orders&after=2") { _, lines in
                let line = try await lines.next() ?? ""
                #expect(line.hasPrefix("{\"log\":\"orders\",\"position\":3,"))
            }
        }
    }

    @Test func `refuses an append to streams of two logs`() async throws {
        try await withService(store) { service in
            let reply = try await service.client.post(
                "/appends",
                ["streams": [["stream": "cart-1", "events": [event()]], ["stream": "order-1", "events": [event()]]]])
            #expect(reply.status == 422)
            #expect(reply.code == "invalidAppend")
            #expect(try await service.client.get("/streams").json["streams"] == [])
        }
    }
}
