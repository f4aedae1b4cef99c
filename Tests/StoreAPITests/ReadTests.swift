import EventCodec
import EventSourcing
import HTTPTestSupport
import Testing

struct ReadTests {
    @Test func `reads a stream in pages, forwards and backwards`() async throws {
        try await withPostgresService { service in
            try await service.append(7, to: "order-1")
            for (direction, expected) in [("forwards", Array(0...6)), ("backwards", Array((0...6).reversed()))] {
                var (revisions, next) = ([JSONValue](), "")
                repeat {
                    let reply = try await service.client.get(
                        "/streams/order-1?limit=3&direction=\(direction)\(next.isEmpty ? "" : "&from=\(next)")")
                    #expect(reply["etag"] == "\"6\"")
                    #expect(reply.json["revision"] == 6)
                    revisions += reply.json.events("revision")
                    next = reply.json["next"]?.integer.map(String.init) ?? ""
                } while !next.isEmpty
                #expect(revisions == expected.map { .integer($0) })
            }
            let past = try await service.client.get("/streams/order-1?from=9223372036854775807")
            #expect(past.status == 200)
            #expect(past.json["events"] == [])
        }
    }

    @Test func `shows an event as it was sent`() async throws {
        try await withService { service in
            let id = EventID.make().description
            let sent: JSONValue = [
                "id": .string(id), "type": "OrderNoted", "schemaVersion": 2, "contentType": "application/json",
                "payload": ["b": [1, 2.5], "a": nil], "tags": ["a:1", "b"],
                "metadata": ["correlationId": .string(EventID.make().description), "reason": "why"],
            ]
            _ = try await service.client.post(
                "/streams/order-1", ["events": [sent]], headers: ["Strata-Actor": "anna"])
            let page = try await service.client.get("/streams/order-1").json
            let shown = try #require(page["events"]?.array?.first)
            for name in ["id", "type", "schemaVersion", "contentType", "payload", "tags"] {
                #expect(shown[name] == sent[name], "\(name)")
            }
            #expect(shown["metadata"]?["reason"] == "why")
            #expect(shown["metadata"]?["correlationId"] == sent["metadata"]?["correlationId"])
            #expect(shown["metadata"]?["actor"] == "anna")
            #expect(shown["log"] == "main")
            #expect(shown["position"] == 1)
            #expect(shown["stream"] == "order-1")
        }
    }

    @Test func `tells of a stream without its events`() async throws {
        try await withPostgresService { service in
            try await service.append(to: "other-1")
            try await service.append(3, to: "order-1")
            let reply = try await service.client.get("/streams/order-1/metadata")
            #expect(reply["etag"] == "\"2\"")
            #expect(reply.json["category"] == "order")
            #expect(reply.json["eventCount"] == 3)
            #expect(reply.json["firstPosition"] == 2)
            #expect(reply.json["lastPosition"] == 4)
            #expect(reply.json["firstEventAt"] == reply.json["lastEventAt"], "they were appended together")
            for path in ["/streams/order-1/metadata", "/streams/order-1"] {
                let known = try await service.client.get(path, headers: ["If-None-Match": "\"2\""])
                #expect(known.status == 304)
                #expect(known.bytes.isEmpty)
                #expect(try await service.client.get(path, headers: ["If-None-Match": "\"1\""]).status == 200)
            }
            for path in ["/streams/none", "/streams/none/metadata"] {
                #expect(try await service.client.get(path).code == "notFound")
            }
        }
    }

    @Test func `reads the log in pages, forwards and backwards`() async throws {
        try await withPostgresService { service in
            for number in 1...7 { try await service.append(to: "order-\(number)") }
            var (forwards, after) = ([JSONValue](), 0 as Int?)
            while let start = after {
                let page = try await service.client.get("/log?limit=3&after=\(start)").json
                #expect(page["head"] == 7)
                forwards += page.events("position")
                after = page["next"]?.integer
            }
            #expect(forwards == (1...7).map { .integer($0) })
            var backwards = try await service.client.get("/log?limit=3&direction=backwards").json
            var positions = backwards.events("position")
            while let before = backwards["next"]?.integer {
                backwards = try await service.client.get("/log?limit=3&direction=backwards&before=\(before)").json
                positions += backwards.events("position")
            }
            #expect(positions == (1...7).reversed().map { .integer($0) })
            let past = try await service.client.get("/log?after=9223372036854775807").json
            #expect(past["events"] == [])
        }
    }

    @Test func `filters the log by category, type and tag`() async throws {
        try await withPostgresService { service in
            try await service.append(to: "order-1", type: "Placed", tags: ["customer:1", "region:eu"])
            try await service.append(to: "order-2", type: "Placed", tags: ["customer:2", "region:eu"])
            try await service.append(to: "cart-1", type: "Filled", tags: ["customer:1"])
            try await service.append(to: "order-1", type: "Shipped")
            for (query, expected) in [
                ("category=order", [1, 2, 4]), ("category=order&category=cart", [1, 2, 3, 4]), ("category=x", []),
                ("type=Placed", [1, 2]), ("type=Placed&type=Filled", [1, 2, 3]), ("tag=customer:1", [1, 3]),
                ("tag=customer:1&tag=region:eu", [1]), ("tag=customer%3A1&type=Filled", [3]),
                ("tag=region:eu&category=order&type=Placed", [1, 2]), ("tag=region:eu&direction=backwards", [2, 1]),
                ("log=main&type=Shipped", [4]),
            ] {
                let page = try await service.client.get("/log?\(query)").json
                #expect(page.events("position") == expected.map { .integer($0) }, "\(query)")
            }
        }
    }

    @Test func `ends a page of large events early, and goes on where it ended`() async throws {
        let store = InMemoryEventStore()
        let payload = Array("\"\(String(repeating: "x", count: 500_000))\"".utf8)
        let metadata = EventMetadata(correlationID: .make(), actor: "test")
        for _ in 0..<40 {
            let event = NewEvent(type: "Large", payload: payload, metadata: metadata)
            _ = try await store.append([event], to: StreamName(recorded: "large-1"), expecting: .any)
        }
        try await withService(store) { service in
            for path in ["/log?limit=1000&after=", "/streams/large-1?limit=1000&from="] {
                var (seen, next) = ([JSONValue](), 0 as Int?)
                while let start = next {
                    let reply = try await service.client.get("\(path)\(start)")
                    #expect(reply.bytes.count < 5 << 20, "a page does not grow beyond bounds")
                    seen += reply.json.events("position")
                    next = reply.json["next"]?.integer
                }
                #expect(seen == (1...40).map { .integer($0) })
            }
        }
    }

    @Test func `is not deceived by small events before large ones`() async throws {
        let store = InMemoryEventStore()
        let metadata = EventMetadata(correlationID: .make(), actor: "test")
        for (count, payloadBytes) in [(16, 1), (200, 200_000)] {
            let payload = Array("\"\(String(repeating: "x", count: payloadBytes))\"".utf8)
            for _ in 0..<count {
                let event = NewEvent(type: "Grown", payload: payload, metadata: metadata)
                _ = try await store.append([event], to: StreamName(recorded: "grown-1"), expecting: .any)
            }
        }
        try await withService(store) { service in
            for path in ["/log?limit=1000", "/streams/grown-1?limit=1000"] {
                let page = try await service.client.get(path)
                #expect(page.bytes.count > 4 << 20, "large events have followed")
                #expect(page.bytes.count < (4 << 20) + 2 * 200_000, "and ended the page")
            }
        }
    }

    @Test func `reads a blank in a query as forms are sent`() async throws {
        try await withPostgresService { service in
            try await service.append(to: "a%20order-1", tags: ["red box"])
            try await service.append(to: "a%20order-2", tags: ["red+box"])
            for (tag, expected) in [("red+box", [1]), ("red%20box", [1]), ("red%2Bbox", [2])] as [(String, [Int])] {
                let page = try await service.client.get("/log?tag=\(tag)").json
                #expect(page.events("position") == expected.map { .integer($0) }, "\(tag)")
            }
            for name in ["a+order-1", "a%20order-1"] {
                let page = try await service.client.get("/streams?after=\(name)").json
                #expect(page["streams"]?.array?.compactMap { $0["stream"] } == ["a order-2"], "\(name)")
            }
            try await service.append(to: "a+order-1")
            #expect(try await service.client.get("/streams/a%2Border-1").status == 200, "a plus in a path is a plus")
        }
    }

    @Test func `refuses what cannot be meant`() async throws {
        try await withService { service in
            try await service.append(to: "order-1")
            for (path, place) in [
                ("/log?after=-1", "after"), ("/log?after=x", "after"), ("/log?limit=0", "limit"),
                ("/log?limit=1001", "limit"), ("/log?before=1", "before"),
                ("/log?after=1&direction=backwards", "after"), ("/log?direction=up", "direction"),
                ("/log?category=a-b", "category"), ("/log?category=%00", "category"), ("/log?type=%0A", "type"),
                ("/log?tag=%00", "tag"), ("/log?x=1", "x"), ("/streams/order-1?from=-1", "from"),
                ("/streams?category=a-b", "category"), ("/streams?after=%00", "after"), ("/categories?x=1", "x"),
                ("/streams/order-1/metadata?x=1", "x"), ("/log?log=No", "log"),
                ("/log?" + Array(repeating: "tag=a", count: 17).joined(separator: "&"), "tag"),
                ("/log?" + Array(repeating: "type=a", count: 65).joined(separator: "&"), "type"),
            ] {
                let reply = try await service.client.get(path)
                #expect(reply.status == 400, "\(path)")
                #expect(reply.places == [place], "\(path)")
            }
            #expect(try await service.client.get("/log?log=other").status == 404)
        }
    }

    @Test func `lists streams and categories`() async throws {
        try await withPostgresService { service in
            for name in ["order-2", "order-10", "cart-1", "order", "order!x-1", "stock-main%2F1"] {
                try await service.append(2, to: name)
            }
            func names(_ query: String) async throws -> [JSONValue] {
                let page = try await service.client.get("/streams?\(query)").json
                return (page["streams"]?.array ?? []).map { $0["stream"] ?? .null }
            }
            #expect(
                try await names("") == ["cart-1", "order", "order!x-1", "order-10", "order-2", "stock-main/1"])
            #expect(try await names("category=order") == ["order", "order-10", "order-2"])
            #expect(try await names("category=order&after=order-10") == ["order-2"])
            let first = try await service.client.get("/streams?limit=2").json
            #expect(first["next"] == "order")
            #expect(first["streams"]?.array?.first == ["stream": "cart-1", "revision": 1])
            #expect(
                try await service.client.get("/categories").json
                    == ["isComplete": true, "categories": ["cart", "order", "order!x", "stock"]])
        }
    }
}
