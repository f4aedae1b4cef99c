import EventCodec
import EventSourcing
import HTTPSupport
import HTTPTestSupport
import Support
import Testing

@testable import StoreAPI

struct FollowTests {
    private static let ndjson = ["Accept": "application/x-ndjson"]
    private static let events = ["Accept": "text/event-stream"]

    /// Hears of silence soon.
    private static var restless: StoreAPIConfiguration {
        var configuration = anyType
        configuration.limits.heartbeat = .milliseconds(50)
        return configuration
    }

    @Test func `gives history, then what is appended, a line for each event`() async throws {
        try await withPostgresService { service in
            try await service.append(3, to: "order-1")
            try await service.client.stream("/log/follow?after=1", headers: Self.ndjson) { status, lines in
                #expect(status == 200)
                for position in 2...6 {
                    if position == 4 { try await service.append(3, to: "order-2") }
                    let line = try #require(try await lines.next())
                    let event = try JSONValue(jsonBytes: Array(line.utf8))
                    #expect(event["position"] == .integer(position))
                    #expect(event["stream"] == .string(position < 4 ? "order-1" : "order-2"))
                }
            }
        }
    }

    @Test func `takes no body, which nobody would read`() async throws {
        try await withService { service in
            let reply = try await service.client.send("GET", "/log/follow", headers: Self.ndjson, body: [0x78])
            #expect(reply.status == 400)
            #expect(reply.places == ["Content-Length"])
        }
    }

    @Test func `gives Server-Sent Events, and goes on where the client has stopped`() async throws {
        try await withService { service in
            let body =
                "{\"events\":[{\"id\":\"\(EventID.make())\",\"type\":\"Odd\",\"payload\":{\n\"a\":\r\n\"b\\n\"}}]}"
            _ = try await service.client.post("/streams/odd-1", Array(body.utf8))
            try await service.append(to: "order-1")
            try await service.client.stream("/log/follow", headers: Self.events) { _, lines in
                #expect(try await lines.next() == "retry: 1000")
                #expect(try await lines.next() == "")
                #expect(try await lines.next() == "id: 1")
                let data = try #require(try await lines.next())
                #expect(data.hasPrefix("data: {"))
                let event = try JSONValue(jsonBytes: Array(data.utf8.dropFirst(6)))
                #expect(event["payload"] == ["a": "b\n"], "an event is one line, whatever its payload is")
                #expect(try await lines.next() == "")
                #expect(try await lines.next() == "id: 2")
            }
            let headers = Self.events.merging(["Last-Event-ID": "1"]) { $1 }
            try await service.client.stream("/log/follow?after=0", headers: headers) { _, lines in
                let id = try await lines.first { $0.hasPrefix("id:") }
                #expect(id == "id: 2")
            }
            try await service.client.stream("/log/follow?after=end", headers: Self.ndjson) { _, lines in
                try await service.append(to: "order-2")
                let line = try await lines.next() ?? ""
                #expect(line.contains("\"position\":3,"))
            }
        }
    }

    @Test func `tells how far it has come where nothing matches`() async throws {
        try await withService(InMemoryEventStore(), Self.restless) { service in
            try await service.append(3, to: "order-1")
            try await service.client.stream("/log/follow?type=Never", headers: Self.ndjson) { _, lines in
                #expect(try await lines.next() == "{\"checkpoint\":3,\"head\":3}")
                try await service.append(to: "order-1")
                _ = try await lines.first { $0 == "{\"checkpoint\":4,\"head\":4}" }
            }
            try await service.client.stream("/log/follow?type=Never", headers: Self.events) { _, lines in
                _ = try await lines.first { $0 == ": the log is at 4" }
                #expect(try await lines.next() == "id: 4")
                #expect(try await lines.next() == "", "an id alone is remembered, and is no event")
            }
        }
    }

    @Test func `filters by category, type and tag`() async throws {
        try await withPostgresService { service in
            try await service.append(to: "order-1", type: "Placed", tags: ["a:1"])
            try await service.append(to: "cart-1", type: "Placed", tags: ["a:1"])
            try await service.append(to: "order-1", type: "Shipped")
            try await service.append(to: "order-2", type: "Placed", tags: ["a:1", "b:1"])
            for (query, positions) in [
                ("category=order", [1, 3, 4]), ("type=Placed&tag=a:1", [1, 2, 4]), ("tag=b:1", [4]),
            ] {
                try await service.client.stream("/log/follow?\(query)", headers: Self.ndjson) { _, lines in
                    for position in positions {
                        let line = try await lines.next() ?? ""
                        #expect(line.contains("\"position\":\(position),"), "\(query)")
                    }
                }
            }
        }
    }

    @Test func `answers in what the client takes`() async throws {
        try await withService { service in
            try await service.append(to: "order-1")
            for (accept, start) in [
                ("text/event-stream", "retry"), ("application/x-ndjson", "{"), ("*/*", "{"), ("text/*", "retry"),
                ("text/event-stream, */*;q=0.1", "retry"), ("application/*", "{"),
            ] {
                try await service.client.stream("/log/follow", headers: ["Accept": accept]) { _, lines in
                    let line = try await lines.next() ?? ""
                    #expect(line.hasPrefix(start), "\(accept)")
                }
            }
            let refused = try await service.client.get("/log/follow", headers: ["Accept": "application/json"])
            #expect(refused.status == 406)
            #expect(try await service.client.send("HEAD", "/log/follow").status == 200)
            for (path, headers) in [
                ("/log/follow?after=-1", [:]), ("/log/follow?after=7", [:]), ("/log/follow?after=start", [:]),
                ("/log/follow", ["Last-Event-ID": "x"]), ("/log/follow", ["Last-Event-ID": "7"]),
            ] as [(String, [String: String])] {
                #expect(try await service.client.get(path, headers: headers).code == "badRequest", "\(path)")
            }
        }
    }

    @Test func `serves as many followers as it has places, and gives a place to the next when one leaves`() async throws
    {
        var configuration = Self.restless
        configuration.limits.followersMax = 2
        try await withService(InMemoryEventStore(), configuration) { service in
            try await service.append(to: "order-1")
            for _ in 0..<3 { _ = try await service.client.send("HEAD", "/log/follow") }
            try await service.client.stream("/log/follow", headers: Self.ndjson) { _, lines in
                _ = try await lines.next()
                try await service.client.stream("/log/follow", headers: Self.ndjson) { status, lines in
                    #expect(status == 200)
                    let third = try await service.client.get("/log/follow", headers: Self.ndjson)
                    #expect(third.code == "tooManySubscriptions")
                    #expect(third["retry-after"] != nil)
                    _ = try await lines.next()
                }
            }
            let deadline = ContinuousClock.now.advanced(by: .seconds(20))
            var status = 503
            while status == 503, ContinuousClock.now < deadline {
                status = try await service.client.stream("/log/follow", headers: Self.ndjson) { status, _ in status }
            }
            #expect(status == 200)
        }
    }

    @Test func `tells a follower that the log cannot be read before it answers`() async throws {
        let store = WatchedStore()
        store.failReadingTheLog(with: EventStoreError(.archived, "Give the folder of the segments."))
        try await withService(store) { service in
            let reply = try await service.client.get("/log/follow", headers: Self.ndjson)
            #expect(reply.status == 503)
            #expect(reply.code == "archived")
        }
    }

    @Test func `a follower that does not read costs neither memory nor the others' speed`() async throws {
        let (eventCount, payloadBytes) = (128, 256 << 10)
        let store = WatchedStore()
        let payload = Array("\"\(String(repeating: "x", count: payloadBytes))\"".utf8)
        let metadata = EventMetadata(correlationID: .make(), actor: "test")
        for _ in 0..<eventCount {
            let event = NewEvent(type: "Large", payload: payload, metadata: metadata)
            _ = try await store.append([event], to: StreamName(recorded: "large-1"), expecting: .any)
        }
        try await withService(store) { service in
            let mute = try await onThread {
                try MuteClient(
                    service.client.port, "GET /log/follow?category=large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            try await service.client.stream("/log/follow", headers: Self.ndjson) { _, lines in
                for _ in 0..<eventCount { _ = try await lines.next() }
            }
            try await eventually("it was served") { store.readCount("large") > 0 }
            #expect(store.readCount("large") < eventCount / 2, "what it does not read is not read for it")
            mute.close()
        }
    }

    /// More than a connection holds.
    private static func largeEvents() async throws -> WatchedStore {
        let store = WatchedStore()
        let payload = Array("\"\(String(repeating: "x", count: 1_000_000))\"".utf8)
        for _ in 0..<32 {
            let event = NewEvent(
                type: "Large", payload: payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
            _ = try await store.append([event], to: StreamName(recorded: "large-1"), expecting: .any)
        }
        return store
    }

    @Test func `cuts off a follower that takes nothing for too long`() async throws {
        var configuration = anyType
        configuration.limits.writePatience = .seconds(2)
        configuration.limits.followersMax = 1
        let store = try await Self.largeEvents()
        try await withService(store, configuration) { service in
            let mute = try await onThread {
                try MuteClient(service.client.port, "GET /log/follow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            // Looks from beside: a probe that followed would take the place that it asks for.
            try await eventually { store.openedSubscriptionCount == 1 }
            // Its place is free again while its connection is still open on its side.
            try await eventually { store.openSubscriptionCount == 0 }
            let status = try await service.client.stream("/log/follow?after=end") { status, _ in status }
            #expect(status == 200)
            mute.close()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `does not let a follower that takes nothing hold up a stop`() async throws {
        // Longer than the test may take.
        let late = Duration.seconds(90)
        var configuration = anyType
        configuration.limits.writePatience = late
        configuration.limits.followersMax = 1
        let store = try await Self.largeEvents()
        let api = try makeAPI(store, configuration, limits: HTTPLimits(idleTimeout: late, stopTimeout: late))
        try await withServices([api]) {
            let port = try await api.port
            let mute = try await onThread {
                try MuteClient(port, "GET /log/follow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            try await eventually { store.openSubscriptionCount == 1 }
            return mute
        }.close()
    }

    @Test(arguments: [Duration.milliseconds(50), .seconds(15)])
    func `ends cleanly when the server stops, whether a follower reads or not`(heartbeat: Duration) async throws {
        let store = InMemoryEventStore()
        var configuration = anyType
        configuration.limits.heartbeat = heartbeat
        let follower = try await withService(store, configuration) { service in
            try await service.append(to: "order-1")
            let mute = try await onThread {
                try MuteClient(service.client.port, "GET /log/follow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            let (opened, opening) = AsyncStream<Void>.makeStream()
            let follower = Task {
                try await service.client.stream("/log/follow", headers: Self.ndjson) { _, lines in
                    _ = try await lines.next()
                    opening.finish()
                    while try await lines.next() != nil {}
                    return true
                }
            }
            for await _ in opened {}
            defer { mute.close() }
            return follower
        }
        #expect(try await follower.value, "it is told the end, and not cut off")
    }
}
