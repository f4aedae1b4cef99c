import EventSourcing
import Testing

@testable import PostgresEventStore

@Suite struct `A line of an import` {
    private static let fields = """
        "stream":"order-1","type":"Happened","eventId":"0190a8b2-0000-7000-8000-000000000001",\
        "correlationId":"0190a8b2-0000-7000-8000-000000000002"
        """

    private static let untyped = fields.replacing("Happened", with: "")

    private func read(_ line: String) throws -> ImportedEvent {
        try Array(line.utf8).withUnsafeBufferPointer { try EventLine.event($0) }
    }

    @Test func `needs a stream, a type, two ids and a payload, and no more`() throws {
        let imported = try read("{\(Self.fields),\"payload\":{\"a\": 1 }}")
        #expect(imported.stream.rawValue == "order-1")
        #expect(imported.event.type == "Happened" && imported.event.schemaVersion == 1)
        #expect(imported.event.payload == Array("{\"a\": 1 }".utf8))
        #expect(imported.recordedAt == nil)
    }

    @Test(
        arguments: [
            ("{}", "missing"), ("[]", "not an object"), ("{", "malformed"),
            ("{\(fields)}", "'payload' is missing"),
            ("{\(fields),\"payload\":1,\"payloadBase64\":\"\"}", "stands beside a payload"),
            ("{\(fields),\"payload\":1,\"payload\":1}", "twice"), ("{\(fields),\"type\":\"B\",\"payload\":1}", "twice"),
            ("{\(fields),\"payloadBase64\":\"?\"}", "is not Base64"),
            ("{\(fields),\"payload\":1,\"paylod\":2}", "is not a field of an event"),
            ("{\(fields),\"payload\":1,\"contentType\":\"text/html\"}", "is not a content type"),
            ("{\(fields),\"payload\":1,\"recordedAt\":\"1997-02-30T00:00:00Z\"}", "is not a time"),
            ("{\(fields),\"payload\":1,\"causationId\":\"x\"}", "is not a UUID"),
            ("{\(fields),\"payload\":1,\"schemaVersion\":\"1\"}", "is not an integer"),
            ("{\"stream\":\"\",\(fields.dropFirst(19)),\"payload\":1}", "is not the name of a stream"),
            ("{\(untyped),\"payload\":1}", "is not the name of a type"),
            ("{\(fields),\"payload\":1} x", "malformed"), ("{\(fields),\"payload\":{\"a\"}}", "malformed"),
        ])
    func `that is no event says what is wrong`(_ line: String, _ complaint: String) {
        let error = #expect(throws: (any Error).self) { try read(line) }
        #expect(error.map { "\($0)" }?.contains(complaint) == true, "\(error.map { "\($0)" } ?? "no error")")
    }
}
