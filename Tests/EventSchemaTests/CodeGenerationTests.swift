import EventSchema
import Testing

struct CodeGenerationTests {
    @Test func `writes one file for each aggregate`() {
        let registry = TestSchema.registry(
            TestSchema(), TestSchema(name: "ParcelLost"), TestSchema(name: "VanParked", aggregate: "Van"),
            TestSchema(context: "van-hire", name: "VanHired", aggregate: "Hire"))
        #expect(
            CodeGenerator(registry).files().map(\.path) == [
                "Sources/Parcels/Generated/ParcelEvents.swift", "Sources/Parcels/Generated/VanEvents.swift",
                "Sources/VanHire/Generated/HireEvents.swift",
            ])
    }

    @Test func `writes an enum, a struct and a codec`() {
        #expect(generated(TestSchema()) == golden)
    }

    @Test func `writes the same whenever it runs`() {
        #expect(generated(TestSchema()) == generated(TestSchema()))
    }

    @Test(arguments: [
        ("OrderPlaced", "Order", "case placed(OrderPlaced)"),
        ("ReservationMade", "Stock", "case reservationMade(ReservationMade)"),
        ("StockReturned", "Stock", "case returned(StockReturned)"), ("Order", "Order", "case order(Order)"),
        ("OrderDefault", "Order", "case `default`(OrderDefault)"), ("Orderly", "Order", "case orderly(Orderly)"),
        ("Order2Placed", "Order", "case order2Placed(Order2Placed)"),
    ])
    func `names cases after types`(type: String, aggregate: String, line: String) {
        #expect(generated(TestSchema(name: type, aggregate: aggregate)).contains("    \(line)\n"))
    }

    @Test(arguments: [
        ("orderId", "orderID"), ("authorisationId", "authorisationID"), ("lineIds", "lineIDs"),
        ("imageUrl", "imageURL"),
        ("idle", "idle"), ("orderIdle", "orderIdle"), ("url", "url"), ("default", "`default`"),
    ])
    func `names properties after fields`(field: String, property: String) {
        let text = generated(
            TestSchema(properties: #""\#(field)": {"type": "string", "description": "d"}"#, required: [field]))
        #expect(text.contains("    public var \(property): String\n"))
        #expect(text.contains("case \"\(field)\": try json.read(&\(property))\n"))
        #expect(text.contains("json.key(\"\(field)\")\n"))
    }

    @Test func `makes optional fields optional`() {
        let text = generated(TestSchema(required: []))
        #expect(text.contains("public var weight: Int?\n"))
        #expect(text.contains("public init(weight: Int? = nil) {"))
        #expect(text.contains("try json.readOptional(&weight)"))
        #expect(text.contains("if let weight {"))
    }

    @Test func `nests what is inside`() {
        let text = generated(
            TestSchema(
                properties: """
                    "stops": {"type": "array", "description": "d", "items": {
                        "type": "object", "title": "Stop", "properties": {
                            "kind": {"type": "string", "enum": ["drop-off", "2nd"], "description": "d"}}}},
                    "sender": {"type": "object", "description": "d", "properties": {}}
                    """,
                required: ["stops"]))
        #expect(text.contains("public var stops: [Stop]\n"))
        #expect(text.contains("public var sender: Sender?\n"))
        #expect(text.contains("public enum Kind: String, Sendable, Hashable, CaseIterable {"))
        #expect(text.contains("case dropOff = \"drop-off\"\n"))
        #expect(text.contains("case _2nd = \"2nd\"\n"))
        #expect(text.contains("extension ParcelSent.Stop.Kind: JSONCodable {"))
        #expect(text.contains("extension ParcelSent.Sender: JSONCodable {"))
    }

    @Test func `writes a type once that two fields share`() {
        let side = #"{"type": "string", "title": "Side", "enum": ["left", "init"], "description": "d"}"#
        let text = generated(TestSchema(properties: #""front": \#(side), "back": \#(side)"#, required: []))
        #expect(text.contains("public var front: Side?\n"))
        #expect(text.contains("public var back: Side?\n"))
        #expect(text.contains("case `init` = \"init\"\n"))
        #expect(text.ranges(of: "public enum Side:").count == 1)
    }

    @Test func `writes the type of a shared shape once, under its own description`() {
        let town = TestSchema(
            context: "common", name: "Town", description: "A place with houses.", aggregate: nil,
            properties: #""name": {"type": "string", "description": "d"}"#, required: ["name"],
            examples: #"[{"name": "Delft"}]"#)
        let reference = #"{"$ref": "../common/Town.v1.json", "description": "#
        let fields = #""from": \#(reference)"Where it starts."}, "to": \#(reference)"Where it ends."}"#
        let text = generated(town, TestSchema(properties: fields, required: ["from", "to"]))
        #expect(text.ranges(of: "public struct Town:").count == 1)
        #expect(text.contains("    /// A place with houses.\n    public struct Town:"))
        #expect(text.contains("    /// Where it starts.\n    public var from: Town\n"))
        #expect(text.contains("    /// Where it ends.\n    public var to: Town\n"))
    }

    @Test func `uses hand-written types where a schema names them`() {
        let sku = TestSchema(
            properties: #""sku": {"type": "string", "x-swift-type": "SKU", "description": "d"}"#, required: ["sku"])
        #expect(generated(sku).contains("public var sku: SKU\n"))
        #expect(generated(sku).contains("public import Commerce\n"))
        #expect(!generated(TestSchema()).contains("Commerce"))
    }

    @Test func `lets the newest struct read versions that it can`() {
        let text = generated(TestSchema(), TestSchema(version: 2, required: []))
        #expect(text.contains(#"case ("ParcelSent", 1...2):"#))
        #expect(text.contains("public static let schemaVersion = 2\n"))
        #expect(!text.contains("ParcelSentV1"))
    }

    @Test func `upcasts versions that it cannot, step by step`() {
        let second = TestSchema(
            version: 2, properties: #""grams": {"type": "integer", "description": "d"}"#, required: ["grams"])
        let third = TestSchema(
            version: 3, properties: #""mass": {"type": "integer", "description": "d"}"#, required: ["mass"])
        let text = generated(TestSchema(), second, third)
        #expect(
            text.contains(
                "self = .sent(try ParcelSent(upcasting: ParcelSentV2(upcasting: ParcelSentV1(jsonBytes: payload))))"))
        #expect(text.contains("self = .sent(try ParcelSent(upcasting: ParcelSentV2(jsonBytes: payload)))"))
        #expect(text.contains("self = .sent(try ParcelSent(jsonBytes: payload))"))
        #expect(text.contains("extension ParcelSentV1: JSONReadable {"))
        #expect(text.contains("extension ParcelSentV2: JSONReadable {"))
        #expect(text.contains("extension ParcelSent: JSONCodable {"))
    }

    @Test func `upcasts when a version asks for it`() {
        let text = generated(TestSchema(), TestSchema(version: 2, extra: #""x-upcaster": true,"#))
        #expect(text.contains("try ParcelSent(upcasting: ParcelSentV1(jsonBytes: payload))"))
    }

    private func generated(_ schemas: TestSchema...) -> String {
        let files = Dictionary(uniqueKeysWithValues: schemas.map { ($0.path, Array($0.text.utf8)) })
        let registry = SchemaRegistry(files: files)
        #expect(registry.findings == [])
        return CodeGenerator(registry).files().map(\.text).joined()
    }
}

private let golden = """
    // Generated from EventSchemas/parcels by `strata schemas generate`. Do not edit.
    // swift-format-ignore-file

    public import EventCodec
    public import EventSourcing

    /// What can happen to a `Parcel`.
    public enum ParcelEvent: Sendable, Hashable {
        /// A parcel was sent.
        case sent(ParcelSent)
    }

    extension ParcelEvent: EventPayload {
        public static let eventTypes: [EventType]? = [ParcelSent.eventType]

        public var eventType: EventType {
            switch self {
            case .sent: ParcelSent.eventType
            }
        }

        public var schemaVersion: Int {
            switch self {
            case .sent: ParcelSent.schemaVersion
            }
        }

        public func encode(into bytes: inout [UInt8]) throws(EventCodingError) {
            do throws(JSONError) {
                switch self {
                case .sent(let event): try event.encodeJSON(to: &bytes)
                }
            } catch {
                throw EventCodingError(type: eventType, reason: error.description)
            }
        }

        public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
            do throws(JSONError) {
                switch (type.rawValue, schemaVersion) {
                case ("ParcelSent", 1):
                    self = .sent(try ParcelSent(jsonBytes: payload))
                default:
                    throw JSONError(.invalid("is of a type or version that ParcelEvent does not know"))
                }
            } catch {
                throw EventCodingError(type: type, reason: error.description)
            }
        }
    }

    /// A parcel was sent.
    public struct ParcelSent: Sendable, Hashable {
        public static let eventType: EventType = "ParcelSent"
        public static let schemaVersion = 1

        /// In grams.
        public var weight: Int

        public init(weight: Int) {
            self.weight = weight
        }
    }

    extension ParcelSent: JSONCodable {
        public init(json: inout JSONReader) throws(JSONError) {
            var weight: Int?
            let object = try json.startObject()
            while let field = try json.nextKey() {
                switch field {
                case "weight": try json.read(&weight)
                default: try json.skipValue()
                }
            }
            self.weight = try json.require(weight, "weight", in: object)
        }

        public func write(to json: inout JSONWriter) {
            json.startObject()
            json.key("weight")
            weight.write(to: &json)
            json.endObject()
        }
    }

    """
