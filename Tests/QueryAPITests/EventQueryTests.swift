import EventCodec
import EventSourcing
import HTTPTestSupport
import Orders
import SagaEngine
import Testing

struct EventQueryTests {
    @Test func `shows a stream in pages, forwards and backwards`() async throws {
        try await withFixture(projects: false) { fixture in
            let stream = StreamCategory("test").stream("a@b:1")
            for index in 0..<5 {
                let event = NewEvent(
                    type: "Counted", payload: Array("{\"index\": \(index)}".utf8),
                    metadata: EventMetadata(correlationID: .make(), actor: "ada", reason: "why \"not\""))
                _ = try await fixture.store.append([event], to: stream, expecting: .any)
            }
            func page(_ query: String) async throws -> (indexes: [Int], next: Int?) {
                let reply = try await fixture.client.get("/streams/test-a%40b:1/events?\(query)")
                #expect(reply.status == 200, "\(reply.text)")
                let events = reply.json["events"]?.array ?? []
                return (events.compactMap { $0["data"]?["index"]?.integer }, reply.json["next"]?.integer)
            }
            #expect(try await page("limit=2") == ([0, 1], 2))
            #expect(try await page("limit=2&from=2") == ([2, 3], 4))
            #expect(try await page("limit=2&from=4") == ([4], nil))
            #expect(try await page("limit=3&direction=backwards") == ([4, 3, 2], 1))
            #expect(try await page("limit=2&direction=backwards&from=1") == ([1, 0], nil))
            #expect(try await page("from=9") == ([], nil))
            let one = try await fixture.client.get("/streams/test-a%40b:1/events?limit=1")
            let first = one.json["events"]?.array?.first
            #expect(first?["actor"] == "ada")
            #expect(first?["reason"] == "why \"not\"")
            #expect(first?["type"] == "Counted")
            #expect(try await fixture.client.get("/streams/test-unknown/events").status == 404)
            #expect(try await fixture.client.get("/streams/test-unknown/events?from=3").status == 404)
            #expect(try await fixture.client.get("/streams/%00/events").status == 404)
            #expect(try await fixture.client.get("/streams/test-a%40b:1/events?direction=up").status == 400)
        }
    }

    @Test func `shows binary payloads as base64`() async throws {
        try await withFixture(projects: false) { fixture in
            let event = NewEvent(
                type: "Bytes", contentType: .binary, payload: [0xFF, 0x00],
                metadata: EventMetadata(correlationID: .make(), actor: "ada"))
            _ = try await fixture.store.append([event], to: StreamCategory("test").stream("1"), expecting: .noStream)
            let reply = try await fixture.client.get("/streams/test-1/events")
            #expect(reply.json["events"]?.array?.first?["data"] == "/wA=")
        }
    }

    @Test func `shows a business transaction`() async throws {
        try await withFixture(projects: false) { fixture in
            let correlation = CorrelationID.make()
            for stream in ["test-1", "other-2"] {
                let event = NewEvent(
                    type: "Happened", payload: Array("{}".utf8),
                    metadata: EventMetadata(correlationID: correlation, actor: "ada"))
                _ = try await fixture.store.append([event], to: StreamName(recorded: stream), expecting: .noStream)
            }
            let reply = try await fixture.client.get("/correlations/\(correlation)/events")
            #expect(reply.json["correlationId"] == .string(correlation.description))
            #expect(reply.json["isComplete"] == true)
            #expect(reply.json["events"]?.array?.map { $0["stream"]?.string } == ["test-1", "other-2"])
            #expect(try await fixture.client.get("/correlations/\(CorrelationID.make())/events").status == 404)
            #expect(try await fixture.client.get("/correlations/x/events").status == 404)
        }
    }

    @Test func `shows as much of a business transaction as an answer holds, and says so`() async throws {
        try await withFixture(projects: false) { fixture in
            let correlation = CorrelationID.make()
            let payload = Array("\"\(String(repeating: "x", count: 300_000))\"".utf8)
            let events = (0..<20).map { _ in
                NewEvent(
                    type: "Happened", payload: payload,
                    metadata: EventMetadata(correlationID: correlation, actor: "ada"))
            }
            let receipt = try await fixture.store.append(
                events, to: StreamCategory("test").stream("1"), expecting: .noStream)
            let reply = try await fixture.client.get("/correlations/\(correlation)/events")
            #expect(reply.status == 200)
            #expect(reply.json["isComplete"] == false)
            let positions = reply.json["events"]?.array?.compactMap { $0["position"]?.integer } ?? []
            #expect((1..<20).contains(positions.count), "\(positions.count) at \(receipt.position)")
            #expect(positions == Array(1..<(positions.count + 1)))
        }
    }

    @Test func `shows how an order's fulfilment goes`() async throws {
        try await withFixture { fixture in
            try await fixture.placeOrder("o-1")
            let correlation = CorrelationID.make()
            let started = SagaStarted(
                saga: "order-fulfilment", version: 1, key: "o-1",
                trigger: .init(
                    position: 1, eventID: EventID.make().description, correlationID: correlation.description))
            let events: [SagaEvent] = [
                .started(started), .stepIntended(SagaStepIntended(step: "reserve stock", epoch: 1)),
            ]
            let metadata = EventMetadata(correlationID: correlation, actor: "saga")
            let receipt = try await fixture.store.append(
                try events.map { try NewEvent($0, metadata: metadata) },
                to: SagaStream.name("order-fulfilment", key: "o-1"), expecting: .noStream)
            let reply = try await fixture.client.get(
                "/orders/o-1/saga", headers: ["Strata-Position": "\(receipt.position)"])
            #expect(reply.status == 200)
            #expect(reply.json["phase"] == "forward")
            #expect(reply.json["step"] == "reserve stock")
            #expect(reply.json["correlationId"] == .string(correlation.description))
            #expect(reply.json["timeline"]?.array?.map { $0["type"]?.string } == ["SagaStarted", "SagaStepIntended"])
            #expect(try await fixture.client.get("/orders/o-2/saga").status == 404)
        }
    }
}
