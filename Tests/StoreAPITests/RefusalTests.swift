import EventCodec
import EventSchema
import EventSourcing
import HTTPTestSupport
import Testing

@testable import StoreAPI

struct RefusalTests {
    @Test func `names everything that is wrong with a body`() async throws {
        try await withService { service in
            for (body, places) in [
                (["x": 1], ["/events", "/x"]),
                (
                    ["events": [["id": "1", "type": "", "schemaVersion": 0, "payload": 1, "y": 1]]],
                    [
                        "/events/0/id", "/events/0/type", "/events/0/schemaVersion", "/events/0/y",
                    ]
                ),
                (["events": [["type": "A", "payload": 1]]], ["/events/0/id"]),
                (["events": [event().with("tags", ["a", "", 1])]], ["/events/0/tags/1", "/events/0/tags/2"]),
                (
                    ["events": [event().with("metadata", ["reason": "a\u{0}", "actor": "me"])]],
                    [
                        "/events/0/metadata/reason", "/events/0/metadata/actor",
                    ]
                ),
                (["events": [event("%").with("contentType", "application/octet-stream")]], ["/events/0/payload"]),
                (["events": [event().with("contentType", "text/plain")]], ["/events/0/contentType"]),
                (
                    appending().with("condition", ["query": [["tags": [1]]], "after": -1]),
                    [
                        "/condition/query/0/tags/0", "/condition/after",
                    ]
                ),
                (
                    appending().with("expectedRevisions", [["stream": "", "expectedRevision": -1]]),
                    [
                        "/expectedRevisions/0/stream", "/expectedRevisions/0/expectedRevision",
                    ]
                ),
            ] as [(JSONValue, [String])] {
                let reply = try await service.client.post("/streams/order-1", body)
                #expect(reply.status == 422)
                #expect(reply.code == "invalidBody")
                #expect(Set(reply.places) == Set(places))
            }
            for body in [["events": []], appending().with("condition", ["query": []])] as [JSONValue] {
                let reply = try await service.client.post("/streams/order-1", body)
                #expect(reply.status == 422)
                #expect(reply.code == "invalidAppend")
            }
            let twice = event()
            #expect(try await service.client.post("/streams/a", ["events": [twice, twice]]).code == "invalidAppend")
            #expect(try await service.head() == .start)
        }
    }

    @Test func `refuses a mix of recorded and new events`() async throws {
        try await withService { service in
            let recorded = event()
            _ = try await service.client.post("/streams/order-1", ["events": [recorded]])
            let reply = try await service.client.post("/streams/order-1", ["events": [recorded, event()]])
            #expect(reply.status == 422)
            #expect(reply.code == "invalidAppend")
            #expect(try await service.head() == Position(rawValue: 1))
        }
    }

    @Test func `names the limit that an append breaks`() async throws {
        var configuration = anyType
        configuration.appendLimits = AppendLimits(
            eventsMax: 3, appendBytesMax: 200, payloadBytesMax: 100, streamsMax: 2, tagsMax: 2)
        configuration.limits.bodyBytesMax = 2_000
        try await withService(InMemoryEventStore(), configuration) { service in
            func text(_ count: Int) -> JSONValue { .string(String(repeating: "x", count: count)) }
            let stream: @Sendable (Int) -> JSONValue = { ["stream": "a-\($0)", "events": [event()]] }
            for (path, body, limit) in [
                ("/streams/a-1", appending(4), "eventsMax"),
                ("/streams/a-1", ["events": [event(text(99))]], "payloadBytesMax"),
                ("/streams/a-1", ["events": .array((0..<3).map { _ in event(text(80)) })], "appendBytesMax"),
                ("/appends", ["streams": .array((0..<3).map(stream))], "streamsMax"),
                ("/streams/a-1", ["events": [event(text(2_000))]], "bodyBytesMax"),
            ] as [(String, JSONValue, String)] {
                let reply = try await service.client.post(path, body)
                #expect(reply.status == 413)
                #expect(reply.json["limit"] == .string(limit))
                #expect(reply.json["maximum"]?.integer ?? 0 > 0)
            }
            #expect(try await service.append(tags: ["a", "b", "c"], to: "a-1").status == 422)
            #expect(try await service.head() == .start)
        }
    }

    @Test func `holds payloads to the schemas of their types`() async throws {
        var configuration = StoreAPIConfiguration(schemas: try SchemaRegistry(folder: schemaFolder))
        let placed = try #require(configuration.schemas.event("OrderPlaced")?.newest)
        let example = try #require(placed.examples.first)
        @Sendable func body(_ payload: JSONValue, version: Int = 2) -> JSONValue {
            ["events": [event(), event(payload, type: "OrderPlaced").with("schemaVersion", .integer(version))]]
        }
        configuration.acceptsUnknownTypes = true
        try await withService(InMemoryEventStore(), configuration) { service in
            #expect(try await service.client.post("/streams/order-1", body(example)).status == 200)
            let wrong = example.with("customerId", 7).with("placedOn", "soon").with("orderId", nil)
            let reply = try await service.client.post("/streams/order-2", body(wrong))
            #expect(reply.status == 422)
            #expect(reply.code == "schemaViolation")
            #expect(
                Set(reply.places) == [
                    "/events/1/payload/customerId", "/events/1/payload/placedOn", "/events/1/payload/orderId",
                ])
            let future = try await service.client.post("/streams/order-2", body(example, version: 99))
            #expect(future.places == ["/events/1/schemaVersion"])
            let bytes = event("AAEC", type: "OrderPlaced").with("contentType", "application/octet-stream")
            #expect(
                try await service.client.post("/streams/order-2", ["events": [bytes]]).places
                    == ["/events/0/contentType"])
            let several: JSONValue = ["streams": [["stream": "order-3", "events": body(wrong)["events"] ?? []]]]
            #expect(
                try await service.client.post("/appends", several).places.first?.hasPrefix(
                    "/streams/0/events/1/payload/") == true)
            #expect(try await service.head() == Position(rawValue: 2))
        }
        configuration.acceptsUnknownTypes = false
        try await withService(InMemoryEventStore(), configuration) { service in
            let reply = try await service.client.post("/streams/order-1", body(example))
            #expect(reply.status == 422)
            #expect(reply.places == ["/events/0/type"])
        }
    }

    /// A later version may come to read such a field as something else.
    @Test func `takes no fields that a version does not name, unless it is to`() async throws {
        var configuration = StoreAPIConfiguration(schemas: try SchemaRegistry(folder: schemaFolder))
        let example = try #require(configuration.schemas.event("OrderPlaced")?.newest.examples.first)
        let line = try #require(example["lines"]?.array?.first)
        let colourful = example.with("lines", [line.with("colour", "red")]).with("ann@example.org", 1)
        func body(_ payload: JSONValue, version: JSONValue) -> JSONValue {
            ["events": [event(payload, type: "OrderPlaced").with("schemaVersion", version)]]
        }
        let (second, first) = (body(colourful, version: 2), body(example, version: 1))
        try await withService(InMemoryEventStore(), configuration) { service in
            let reply = try await service.client.post("/streams/order-1", second)
            #expect(reply.status == 422)
            #expect(reply.code == "schemaViolation")
            #expect(Set(reply.places) == ["/events/0/payload/lines/0/colour", "/events/0/payload/…"])
            let early = try await service.client.post("/streams/order-1", first)
            #expect(early.places == ["/events/0/payload/orderNumber"])
            #expect(try await service.head() == .start)
        }
        configuration.acceptsUnknownFields = true
        try await withService(InMemoryEventStore(), configuration) { service in
            let replies = [
                try await service.client.post("/streams/order-1", second),
                try await service.client.post("/streams/order-2", first),
            ]
            #expect(replies.map(\.status) == [200, 200])
        }
    }

    @Test(arguments: [
        (EventStoreError.Code.overloaded, "overloaded"), (.unavailable, "unavailable"), (.closed, "closed"),
        (.incompatibleSchema, "incompatibleSchema"), (.archived, "archived"), (.damagedArchive, "damagedArchive"),
    ])
    func `says when to come back`(_ code: EventStoreError.Code, _ problem: String) async throws {
        let store = WatchedStore()
        store.fail(with: EventStoreError(code, "as asked for"))
        try await withService(store) { service in
            #expect(try await service.append(to: "a-1").code == problem)
            for path in ["/streams/a-1", "/streams", "/categories", "/log", "/log/follow", "/streams/a-1/metadata"] {
                let reply = try await service.client.get(path)
                #expect(reply.status == 503)
                #expect(reply["retry-after"] != nil)
            }
        }
    }

    @Test(arguments: [
        (EventStoreError.Code.unavailable, true), (.incompatibleSchema, true), (.archived, false),
        (.damagedArchive, false),
    ])
    func `repeats what the store says to clients, and not what it says to operators`(
        _ code: EventStoreError.Code, _ isRepeated: Bool
    ) async throws {
        let store = WatchedStore()
        store.fail(with: EventStoreError(code, "The store said this."))
        try await withService(store) { service in
            for reply in [try await service.append(to: "a-1"), try await service.client.get("/log")] {
                #expect(reply.json["detail"]?.string?.contains("The store said this.") == isRepeated)
            }
        }
    }

    @Test(arguments: ["\"+0\"", "\"0-anything\"", "\"00\""])
    func `takes no revision from a tag that it never gave`(tag: String) async throws {
        try await withService { service in
            try await service.append(to: "order-1")
            let reply = try await service.client.post("/streams/order-1", appending(), headers: ["If-Match": tag])
            #expect(reply.status == 412)
            #expect(try await service.head() == Position(rawValue: 1))
        }
    }

    @Test func `lists a hundred mistakes at most`() async throws {
        let configuration = StoreAPIConfiguration(schemas: try SchemaRegistry(folder: schemaFolder))
        try await withService(InMemoryEventStore(), configuration) { service in
            let reply = try await service.client.post("/streams/order-1", appending(200))
            #expect(reply.places.count == SchemaRegistry.violationsMax)
        }
    }

    @Test func `knows no stream of an impossible name`() async throws {
        try await withService { service in
            let long = String(repeating: "x", count: 513)
            for name in ["%00", "a%0Ab", "%ff", long] {
                let posted = try await service.client.post("/streams/\(name)", appending())
                let read = try await service.client.get("/streams/\(name)")
                #expect((posted.status, read.status) == (404, 404), "\(name)")
            }
            for name in ["a%20b", "%C3%A4-1", "a%2Fb", "%F0%9F%9B%92", String(long.dropLast()), "..%2F..", "a%25b"] {
                let posted = try await service.client.post("/streams/\(name)", appending())
                let read = try await service.client.get("/streams/\(name)")
                #expect((posted.status, read.status) == (200, 200), "\(name)")
            }
            #expect(
                try await service.store.read(StreamName(recorded: "a/b"), from: nil, .forwards, limit: 1).events.count
                    == 1)
        }
    }
}

extension Service {
    fileprivate func append(tags: [String], to stream: String) async throws -> Reply {
        try await append(1, to: stream, tags: tags)
    }
}
