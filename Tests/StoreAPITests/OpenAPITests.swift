import EventCodec
import EventSourcing
import HTTPTestSupport
import Testing

@testable import StoreAPI

struct OpenAPITests {
    private let document: OpenAPIDocument
    private let operations: [OpenAPIDocument.Operation]

    init() throws {
        document = try OpenAPIDocument(PackageResources.openapi_json)
        operations = document.operations.filter { $0.value["tags"]?.array != ["Service"] }
    }

    @Test func `describes every route, and no other`() throws {
        let api = try makeAPI(InMemoryEventStore())
        document.expectRoutes(api.routes)
    }

    @Test func `documents the problems of every operation`() {
        for operation in operations {
            let ofWrites = operation.route.hasPrefix("POST ") ? ["408", "409", "413", "415", "422"] : []
            for status in ["400", "401", "403", "404", "405", "406", "500", "503"] + ofWrites {
                #expect(operation.responseSchema(Int(status) ?? 0)?["required"] != nil, "\(operation.route) \(status)")
            }
            // What the header fields require can fail only where there are such fields.
            let isConditional = operation.parameters.contains { $0["name"] == "If-Match" }
            #expect((operation.responseSchema(412) != nil) == isConditional, "\(operation.route)")
        }
    }

    @Test func `has examples that the API accepts, and tells what it answers`() async throws {
        let (document, operations) = (document, operations)
        var configuration = anyType
        configuration.limits.heartbeat = .milliseconds(50)
        try await withService(InMemoryEventStore(), configuration) { service in
            for operation in operations where operation.route.hasPrefix("POST ") {
                let body = try #require(operation.bodyExample, "\(operation.route)")
                let reply = try await service.client.post(operation.examplePath, body)
                #expect(reply.status == 200, "\(operation.route): \(reply.text)")
                let schema = try #require(operation.responseSchema(200))
                #expect(document.mistakes(in: reply.json, schema) == [], "\(operation.route)")
            }
            for operation in operations where operation.route.hasPrefix("GET ") {
                let schema = try #require(operation.responseSchema(200))
                guard operation.route != "GET /log/follow" else {
                    try await service.client.stream("/log/follow") { _, lines in
                        var isCheckpoint = false
                        while !isCheckpoint {
                            let line = try #require(try await lines.next())
                            let entry = try JSONValue(jsonBytes: Array(line.utf8))
                            #expect(document.mistakes(in: entry, schema) == [])
                            isCheckpoint = entry["checkpoint"] != nil
                        }
                    }
                    continue
                }
                for query in ["", "?limit=1"] where query.isEmpty || takesLimit(operation) {
                    let reply = try await service.client.get(operation.examplePath + query)
                    #expect(reply.status == 200, "\(operation.route): \(reply.text)")
                    #expect(document.mistakes(in: reply.json, schema) == [], "\(operation.route)")
                }
            }
        }
    }

    @Test func `tells what problems look like`() async throws {
        let document = document
        let schema = try #require(operations.first?.responseSchema(503))
        var configuration = anyType
        configuration.appendLimits.payloadBytesMax = 10
        try await withService(InMemoryEventStore(), configuration) { service in
            try await service.append(to: "a-1", tags: ["a"])
            let condition = appending().with("condition", ["query": [["tags": ["a"]]]])
            for (body, headers, status) in [
                (appending(), ["If-None-Match": "*"], 412), (condition, [:], 409),
                (["events": [event("longer than ten")]], [:], 413), (["events": 1], [:], 422),
            ] as [(JSONValue, [String: String], Int)] {
                let reply = try await service.client.post("/streams/a-1", body, headers: headers)
                #expect(reply.status == status)
                #expect(document.mistakes(in: reply.json, schema) == [])
            }
        }
    }

    @Test func `names every code with which the store is unavailable`() {
        document.expectUnavailableCodes(and: [.tooManySubscriptions])
    }

    private func takesLimit(_ operation: OpenAPIDocument.Operation) -> Bool {
        operation.parameters.contains { $0["name"] == "limit" }
    }
}
