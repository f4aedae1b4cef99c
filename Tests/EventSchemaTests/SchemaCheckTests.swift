import EventSchema
import Testing

struct SchemaCheckTests {
    private let package: TemporaryPackage

    init() throws {
        package = try TemporaryPackage()
        try package.write(TestSchema())
    }

    @Test func `has nothing to say when all is well`() throws {
        #expect(try package.findings() == [])
    }

    @Test func `asks for generated code that is missing, stale or orphaned`() throws {
        let path = "Sources/Parcels/Generated/ParcelEvents.swift"
        #expect(try findings() == ["\(path): it is missing; run `strata schemas generate`."])
        #expect(try package.findings() == [])
        try package.write("struct Edited {}", to: path)
        #expect(try findings() == ["\(path): it is not what its schemas say; run `strata schemas generate`."])
        try package.write("", to: "Sources/Parcels/Generated/GhostEvents.swift")
        #expect(
            try package.findings() == ["Sources/Parcels/Generated/GhostEvents.swift: no schema asks for it; delete it."]
        )
    }

    @Test func `writes only what has changed`() throws {
        let repository = try package.repository()
        #expect(try repository.write(repository.generate()) == ["Sources/Parcels/Generated/ParcelEvents.swift"])
        #expect(try repository.write(repository.generate()) == [])
    }

    @Test func `asks for versions without gaps`() throws {
        try package.write(TestSchema(version: 3))
        #expect(
            try package.findings() == [
                "EventSchemas/parcels/ParcelSent.v3.json: there is no version 2 before it; "
                    + "number versions 1, 2, 3 and so on."
            ])
    }

    @Test func `keeps an event with its aggregate`() throws {
        try package.write(TestSchema(version: 2, aggregate: "Van"))
        #expect(
            try package.findings() == [
                "EventSchemas/parcels/ParcelSent.v2.json: /x-aggregate must be the same in all versions."
            ])
    }

    @Test func `asks for valid examples`() throws {
        try package.write(TestSchema(examples: #"[{"weight": 1}, {"weight": "1"}, 7]"#))
        #expect(
            try package.findings() == [
                "EventSchemas/parcels/ParcelSent.v1.json: /examples/1/weight is not an integer; correct the example.",
                "EventSchemas/parcels/ParcelSent.v1.json: /examples/2 is not an object; correct the example.",
            ])
    }

    @Test func `passes on what single files get wrong`() throws {
        try package.write(TestSchema(extra: #""oneOf": [],"#))
        #expect(
            try findings() == [
                "EventSchemas/parcels/ParcelSent.v1.json: /oneOf is not supported; "
                    + "use the keywords that are, or take it out."
            ])
        #expect(throws: SchemaError.self) { try package.repository().generate() }
    }

    @Test(arguments: [
        (
            #""orderId": {"type": "string", "description": "d"}, "orderID": {"type": "string", "description": "d"}"#,
            "two fields named 'orderID' would share a name in Swift; rename one."
        ),
        (
            #""a": {"type": "string", "enum": ["x-y", "xY"], "description": "d"}"#,
            "two values named 'xY' of A would share a name in Swift; rename one."
        ),
        (
            """
            "a": {"type": "object", "title": "T", "description": "d"},
            "b": {"type": "object", "title": "T", "description": "e"}
            """,
            "two types named 'T' would share a name in Swift; rename one."
        ),
        (
            """
            "a": {"type": "string", "x-swift-type": "SKU", "description": "d"},
            "b": {"type": "object", "title": "SKU", "description": "d"}
            """,
            "a type named 'SKU' would hide the hand-written one; give it a title."
        ),
        (
            """
            "a": {"type": "object", "title": "T", "description": "d", "properties": {
                "b": {"type": "array", "description": "d", "items": {"type": "string", "x-swift-type": "SKU"}}}},
            "c": {"type": "string", "title": "SKU", "enum": ["x"], "description": "d"}
            """,
            "a type named 'SKU' would hide the hand-written one; give it a title."
        ),
        (
            #""type": {"type": "string", "enum": ["x"], "description": "d"}"#,
            "a type named 'Type' would hide what generated code uses; give it a title."
        ),
        (
            #""a": {"type": "object", "title": "String", "description": "d"}"#,
            "a type named 'String' would hide what generated code uses; give it a title."
        ),
    ])
    func `refuses names that are one in Swift`(properties: String, message: String) throws {
        try package.write(TestSchema(properties: properties, required: [], examples: "[{}]"))
        #expect(try package.findings() == ["EventSchemas/parcels/ParcelSent.v1.json: \(message)"])
    }

    @Test func `takes a title for a type whose field has an unfit name`() throws {
        let kind = #""type": {"type": "string", "title": "Kind", "enum": ["x"], "description": "d"}"#
        try package.write(TestSchema(properties: kind, required: [], examples: "[{}]"))
        #expect(try package.findings() == [])
    }

    @Test(arguments: [
        ("ParcelEvent", "two types of its context would be named 'ParcelEvent'; rename one."),
        ("String", "a type named 'String' would hide what generated code uses; rename it."),
    ])
    func `refuses events whose types have taken names`(name: String, message: String) throws {
        try package.write(TestSchema(name: name))
        #expect(try package.findings() == ["EventSchemas/parcels/\(name).v1.json: \(message)"])
    }

    @Test func `refuses an event that is named as an older version of another one`() throws {
        try package.write(TestSchema(version: 2, extra: #""x-upcaster": true,"#))
        let upcaster = "extension ParcelSent { init(upcasting old: ParcelSentV1) {} }"
        try package.write(upcaster, to: "Sources/Parcels/Parcel+Upcasting.swift")
        try package.write(TestSchema(name: "ParcelSentV1"))
        let message = "two types of its context would be named 'ParcelSentV1'; rename one."
        #expect(try package.findings().map { $0.hasSuffix(message) } == [true])
    }

    @Test func `refuses events that would be one case`() throws {
        try package.write(TestSchema(name: "Sent"))
        #expect(
            try package.findings().first?.hasSuffix("two events of its aggregate would be the case 'sent'; rename one.")
                == true)
    }

    @Test(arguments: [
        ("extension ParcelSent {\n    init(upcasting old: ParcelSentV1) { grams = old.weight }\n}", true),
        ("extension ParcelSent { public init(upcasting  v1 : ParcelSentV1) throws(JSONError) {} }", true),
        ("extension ParcelSent { init(upcasting old: ParcelSentV2) {} }", false),
        ("extension ParcelLost { init(upcasting old: ParcelSentV1) {} }", false),
        ("extension ParcelSent { init(from old: ParcelSentV1) {} }", false),
    ])
    func `looks for upcasters in the context's sources`(source: String, isFound: Bool) throws {
        let grams = #""grams": {"type": "integer", "description": "d"}"#
        try package.write(TestSchema(version: 2, properties: grams, required: ["grams"], examples: #"[{"grams": 1}]"#))
        try package.write(source, to: "Sources/Parcels/Parcel+Upcasting.swift")
        #expect(try package.findings().isEmpty == isFound)
    }

    @Test func `has a word for an empty package`() throws {
        try package.remove("EventSchemas")
        let error = #expect(throws: SchemaError.self) { try package.repository() }
        #expect(error?.description == "EventSchemas: there are no schemas in \(package.root).")
    }

    private func findings() throws -> [String] { try package.repository().check().map(\.description) }
}
