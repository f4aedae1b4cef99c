import EventCodec
import EventSourcing
import HTTPTestSupport
import Testing

struct AppendTests {
    @Test func `appends, and says where the events stand`() async throws {
        try await withService { service in
            let first = try await service.append(2, to: "order-1")
            #expect(first.status == 200)
            #expect(first.json == ["stream": "order-1", "revision": 1, "log": "main", "position": 2])
            #expect(first["etag"] == "\"1\"")
            #expect(first["strata-position"] == "2")
            #expect(first["idempotent-replayed"] == nil)
            #expect(try await service.append(to: "order-2").json["position"] == 3)
            #expect(try await service.append(to: "order-1").json["revision"] == 2)
        }
    }

    @Test(arguments: [
        ("If-Match", "\"1\"", 200), ("If-Match", "\"0\"", 412), ("If-Match", "\"2\"", 412), ("If-Match", "*", 200),
        ("If-None-Match", "*", 412), ("If-Match", "1", 400), ("If-Match", "W/\"1\"", 400), ("If-Match", "\"x\"", 412),
        ("If-None-Match", "\"1\"", 400),
    ])
    func `requires of a stream what the header fields say`(_ name: String, _ value: String, _ status: Int) async throws
    {
        try await withService { service in
            try await service.append(2, to: "order-1")
            let reply = try await service.client.post("/streams/order-1", appending(), headers: [name: value])
            #expect(reply.status == status)
            let written = try await service.store.readAll(StreamName(recorded: "order-1")).count
            #expect(written == (status == 200 ? 3 : 2), "nothing is written unless it is said")
        }
    }

    @Test func `requires of a stream without events what the header fields say`() async throws {
        try await withService { service in
            for (name, value, status) in [
                ("If-Match", "*", 412), ("If-Match", "\"0\"", 412), ("If-None-Match", "*", 200),
            ] {
                let reply = try await service.client.post("/streams/order-1", appending(), headers: [name: value])
                #expect(reply.status == status)
                if status == 412 { #expect(reply.json["actualRevision"] == .null) }
            }
        }
    }

    @Test func `takes payloads that are nested as deep as the store takes them`() async throws {
        @Sendable func nested(_ depth: Int) -> JSONValue { (1..<depth).reduce([] as JSONValue) { value, _ in [value] } }
        try await withService { service in
            for (depth, status) in [(64, 200), (65, 422), (66, 422), (70, 422)] {
                let events: JSONValue = ["events": [event(nested(depth))]]
                let one = try await service.client.post("/streams/deep-1", events)
                #expect(one.status == status, "\(depth): \(one.text)")
                let streams: JSONValue = ["streams": [["stream": "deep-2", "events": [event(nested(depth))]]]]
                let several = try await service.client.post("/appends", streams)
                #expect(several.status == status, "\(depth): \(several.text)")
            }
        }
    }

    @Test func `a conflict carries the revision that was found`() async throws {
        try await withService { service in
            try await service.append(3, to: "order-1")
            let stale = try await service.client.post("/streams/order-1", appending(), headers: ["If-Match": "\"0\""])
            #expect(stale.status == 412)
            #expect(stale.code == "preconditionFailed")
            #expect(stale.json["stream"] == "order-1")
            #expect(stale.json["actualRevision"] == 2)
            #expect(stale["etag"] == "\"2\"")

            let body = appending().with(
                "expectedRevisions", [["stream": "order-1", "expectedRevision": "noStream"]])
            let other = try await service.client.post("/streams/order-2", body)
            #expect(other.status == 409, "what the body says is no precondition of HTTP's")
            #expect(other.code == "conflict")
            #expect(other.json["stream"] == "order-1")
            #expect(other.json["actualRevision"] == 2)
            #expect(try await service.head() == Position(rawValue: 3))
        }
    }

    @Test func `a failed condition carries the position that was found`() async throws {
        try await withService { service in
            let query: JSONValue = [["tags": ["coupon:SPRING"], "types": ["Redeemed"]]]
            let body = appending(type: "Redeemed", tags: ["coupon:SPRING"]).with("condition", ["query": query])
            #expect(try await service.client.post("/streams/order-1", body).status == 200)
            let again = appending(type: "Redeemed", tags: ["coupon:SPRING"]).with("condition", ["query": query])
            let refused = try await service.client.post("/streams/order-2", again)
            #expect(refused.status == 409)
            #expect(refused.code == "conditionFailed")
            #expect(refused.json["position"] == 1)
            let later = again.with("condition", ["query": query, "after": 1])
            #expect(try await service.client.post("/streams/order-2", later).status == 200)
        }
    }

    @Test func `answers a repeat as the first time`() async throws {
        try await withPostgresService { service in
            let body = appending(2)
            let first = try await service.client.post("/streams/order-1", body, headers: ["If-None-Match": "*"])
            try await service.append(to: "order-1")
            let second = try await service.client.post("/streams/order-1", body, headers: ["If-None-Match": "*"])
            #expect(second.status == 200)
            #expect(second.json == first.json)
            #expect(second["etag"] == first["etag"])
            #expect(first["idempotent-replayed"] == nil)
            #expect(second["idempotent-replayed"] == "true")
            #expect(try await service.head() == Position(rawValue: 3))
        }
    }

    @Test func `appends to several streams, or to none`() async throws {
        try await withPostgresService { service in
            func body(_ expected: JSONValue) -> JSONValue {
                [
                    "streams": [
                        ["stream": "cart-1", "expectedRevision": "noStream", "events": [event()]],
                        ["stream": "order-1", "expectedRevision": expected, "events": [event(), event()]],
                    ]
                ]
            }
            let refused = try await service.client.post("/appends", body(0))
            #expect(refused.status == 409)
            #expect(refused.json["stream"] == "order-1")
            #expect(try await service.head() == .start)
            let taken = try await service.client.post("/appends", body("any"))
            #expect(
                taken.json == [
                    "log": "main", "position": 3,
                    "streams": [
                        ["stream": "cart-1", "revision": 0, "position": 1],
                        ["stream": "order-1", "revision": 1, "position": 3],
                    ],
                ])
        }
    }

    @Test func `keeps payloads byte for byte`() async throws {
        let payloads = [
            "{\"b\":1,\"a\":2}", "12345678901234567890123", "1.0", "1e2", "\"\\u00e9\\/\"", " [ 1 ,\n 2 ] ", "null",
            "{}",
        ]
        try await withPostgresService { service in
            for payload in payloads {
                let id = EventID.make()
                let body = "{\"events\": [{\"payload\": \(payload), \"id\": \"\(id)\", \"type\": \"Odd\"}]}"
                #expect(try await service.client.post("/streams/odd-1", Array(body.utf8)).status == 200)
                let recorded = try await service.store.find(id, in: StreamName(recorded: "odd-1"))
                let kept = String(decoding: recorded?.payload ?? [], as: UTF8.self)
                #expect(kept == payload.trimmed)
            }
        }
    }

    @Test func `keeps bytes that are no JSON`() async throws {
        try await withService { service in
            let body: JSONValue = [
                "events": [
                    event("AAEC/w==").with("contentType", "application/octet-stream"),
                    event("AAEC/w==").with("contentType", "application/json"),
                ]
            ]
            #expect(try await service.client.post("/streams/image-1", body).status == 200)
            let recorded = try await service.store.readAll(StreamName(recorded: "image-1"))
            #expect(recorded.map(\.contentType) == [.binary, .json])
            #expect(Array(recorded[0].payload) == [0, 1, 2, 255])
            let page = try await service.client.get("/streams/image-1").json
            #expect(page.events("payload") == ["AAEC/w==", "AAEC/w=="])
            #expect(page.events("contentType") == ["application/octet-stream", "application/json"])
        }
    }

    @Test func `keeps who, why and what led to it`() async throws {
        try await withService { service in
            let (correlation, causation) = (CorrelationID.make(), EventID.make())
            let own: JSONValue = [
                "correlationId": .string(correlation.description), "causationId": .string(causation.description),
                "reason": "It was due.",
            ]
            let body: JSONValue = ["events": [event().with("metadata", own), event()]]
            let request = CorrelationID.make()
            let reply = try await service.client.post(
                "/streams/order-1", body,
                headers: [
                    "Strata-Actor": "billing", "Strata-Reason": "Nightly run", "Strata-Correlation": "\(request)",
                ])
            #expect(reply.status == 200)
            let recorded = try await service.store.readAll(StreamName(recorded: "order-1"))
            #expect(recorded.map(\.metadata.actor) == ["billing", "billing"])
            #expect(recorded.map(\.correlationID) == [correlation, request])
            #expect(recorded.map(\.causationID) == [CausationID(causation), nil])
            #expect(recorded.map(\.metadata.reason) == ["It was due.", "Nightly run"])
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
