import Catalog
import EventCodec
import EventSchema
import EventSourcing
import Foundation
import Inventory
import Orders
import Payments
import SagaEngine
import Testing

/// The schemas of this package.
struct PublishedSchemaTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let events = (try? SchemaRepository(root: root).registry.documents.filter(\.isEvent)) ?? []

    @Test func `are in order, and so is the code generated from them`() throws {
        #expect(try SchemaRepository(root: Self.root).check() == [])
    }

    @Test func `are there`() {
        #expect(Self.events.count >= 30)
    }

    /// What is recorded by the shop is in logs, and nobody may change it any more.
    @Test func `are all released`() throws {
        let lock = try Data(contentsOf: URL(filePath: "\(Self.root)/EventSchemas/released.json"))
        let released = try JSONValue(jsonBytes: Array(lock))
        let paths = try SchemaRepository(root: Self.root).registry.documents.map(\.path.description)
        #expect(paths.filter { released[$0] == nil } == [])
    }

    @Test(arguments: events)
    func `go through generated code and come back the same`(document: SchemaDocument) throws {
        let events = try #require(payloads[document.path.context])
        for example in document.examples {
            let type = EventType(recorded: document.path.name)
            let payload = try events.init(
                type: type, schemaVersion: document.path.version, payload: example.jsonBytes[...])
            #expect(payload.eventType == type)
            #expect(events.eventTypes?.contains(type) == true)
            var bytes: [UInt8] = []
            try payload.encode(into: &bytes)
            #expect(try sorted(JSONValue(jsonBytes: bytes)) == sorted(example))
        }
    }

    @Test(arguments: events)
    func `are enforced by generated code`(document: SchemaDocument) throws {
        guard case .object(let rules) = document.schema.shape else { return }
        let events = try #require(payloads[document.path.context])
        for property in rules.properties where property.isRequired {
            var object = try #require(document.examples[0].object)
            object[property.name] = nil
            let error = #expect(throws: EventCodingError.self) {
                try events.init(
                    type: EventType(recorded: document.path.name), schemaVersion: document.path.version,
                    payload: object.jsonBytes[...])
            }
            #expect(error?.reason == "field '\(property.name)' is missing")
        }
    }

    @Test func `name what the code does not know`() {
        let unknown = #expect(throws: EventCodingError.self) {
            try OrderEvent(type: "OrderEaten", schemaVersion: 1, payload: Array("{}".utf8)[...])
        }
        #expect(unknown?.reason == "it is of a type or version that OrderEvent does not know")
        #expect(throws: EventCodingError.self) {
            try OrderEvent(type: "OrderConfirmed", schemaVersion: 99, payload: Array(#"{"orderId":"1"}"#.utf8)[...])
        }
    }
}

private let payloads: [String: any EventPayload.Type] = [
    "catalog": ProductEvent.self, "inventory": StockEvent.self, "orders": OrderEvent.self,
    "payments": PaymentEvent.self, "sagas": SagaEvent.self,
]

/// The value with every object's fields in alphabetical order.
private func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(sorted))
    case .object(let object):
        .object(
            JSONObject(
                object.map { JSONObject.Member(key: $0.key, value: sorted($0.value)) }.sorted { $0.key < $1.key }))
    default: value
    }
}
