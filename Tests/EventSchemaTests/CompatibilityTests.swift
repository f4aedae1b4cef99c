import EventSchema
import Testing

/// Whether a second version needs an upcaster, seen in the check.
struct CompatibilityTests {
    @Test(arguments: [
        (#""type": "string""#, #""type": "string", "$comment": "other words""#),
        (#""type": "string", "enum": ["x"]"#, #""type": "string", "enum": ["x", "y"]"#),
        (#""type": "string", "enum": ["x"]"#, #""type": "string""#),
        (#""type": "string", "pattern": "^a$""#, #""type": "string""#),
        (#""type": "string", "format": "date""#, #""type": "string""#),
        (#""type": "string", "minLength": 2"#, #""type": "string", "minLength": 1"#),
        (#""type": "string""#, #""type": "string", "x-swift-type": "SKU""#),
        (#""type": "string""#, #""type": "string", "minLength": 0"#),
        (
            #""type": "array", "items": {"type": "string"}"#,
            #""type": "array", "items": {"type": "string"}, "minItems": 0"#
        ),
        (#""type": "integer", "minimum": 1"#, #""type": "integer", "minimum": 0"#),
        (#""type": "integer", "maximum": 1"#, #""type": "integer", "maximum": 2"#),
        (#""type": "integer", "not": {"const": 0}"#, #""type": "integer""#),
        (#""type": "integer", "minimum": 1, "maximum": 9"#, #""type": "number", "minimum": 0.5"#),
        (
            #""type": "array", "items": {"type": "integer", "minimum": -9007199254740992, "maximum": 9}"#,
            #""type": "array", "items": {"type": "number"}"#
        ),
    ])
    func `reads what an earlier version wrote`(first: String, second: String) throws {
        #expect(try findings(first, second) == [])
    }

    @Test(arguments: [
        (#""type": "string""#, #""type": "integer""#, " has another type"),
        (#""type": "number""#, #""type": "integer""#, " has another type"),
        (#""type": "string""#, #""type": "string", "enum": ["x"]"#, " admits less than before"),
        (
            #""type": "string", "enum": ["x", "y"]"#, #""type": "string", "enum": ["x", "z"]"#,
            " admits less than before"
        ),
        (#""type": "string""#, #""type": "string", "pattern": "^a$""#, " admits less than before"),
        (#""type": "string""#, #""type": "string", "format": "date""#, " admits less than before"),
        (#""type": "string""#, #""type": "string", "maxLength": 9"#, " admits less than before"),
        (#""type": "string""#, #""type": "string", "minLength": 1"#, " admits less than before"),
        (#""type": "string", "maxLength": 9"#, #""type": "string", "maxLength": 8"#, " admits less than before"),
        (#""type": "integer", "minimum": 0"#, #""type": "integer", "minimum": 1"#, " admits less than before"),
        (#""type": "integer""#, #""type": "integer", "not": {"const": 0}"#, " admits less than before"),
        (#""type": "integer""#, #""type": "number", "minimum": 0"#, " admits less than before"),
        // It would lose digits.
        (
            #""type": "integer", "minimum": 0, "maximum": 9007199254740993"#, #""type": "number""#,
            " admits less than before"
        ),
        (
            #""type": "array", "items": {"type": "string"}"#, #""type": "array", "items": {"type": "integer"}"#,
            "/items has another type"
        ),
        (
            #""type": "array", "items": {"type": "string"}"#,
            #""type": "array", "items": {"type": "string"}, "minItems": 1"#, " admits less than before"
        ),
        (
            #""type": "object""#,
            #""type": "object", "properties": {"b": {"type": "string", "description": "d"}}, "required": ["b"]"#,
            "/properties/b is new and required"
        ),
    ])
    func `needs an upcaster`(first: String, second: String, obstacle: String) throws {
        let explanation = "version 1 cannot be read as it is (/properties/a\(obstacle)); undo that, or write"
        let upcaster = "`extension ParcelSent { init(upcasting old: ParcelSentV1) }` in Sources/Parcels."
        #expect(
            try findings(first, second) == ["EventSchemas/parcels/ParcelSent.v2.json: \(explanation) \(upcaster)"])
    }

    @Test func `reads versions with fields that it does not have`() throws {
        let package = try TemporaryPackage()
        try package.write(TestSchema())
        try package.write(TestSchema(version: 2, properties: "", required: [], examples: "[{}]"))
        #expect(try package.findings() == [])
    }

    @Test func `needs an upcaster for a new required field, or one that has become required`() throws {
        let package = try TemporaryPackage()
        try package.write(TestSchema(required: []))
        try package.write(TestSchema(version: 2))
        #expect(try package.findings().first?.contains("(/properties/weight has become required)") == true)
        let height =
            #""weight": {"type": "integer", "description": "d"}, "height": {"type": "integer", "description": "d"}"#
        try package.write(
            TestSchema(version: 2, properties: height, required: ["height"], examples: #"[{"height": 1}]"#))
        #expect(try package.findings().first?.contains("(/properties/height is new and required)") == true)
    }

    @Test func `compares with every version that it is to read`() throws {
        let package = try TemporaryPackage()
        try package.write(TestSchema(required: []))
        try package.write(TestSchema(version: 2, properties: "", required: [], examples: "[{}]"))
        let text = #""weight": {"type": "string", "description": "Once more, as text."}"#
        try package.write(TestSchema(version: 3, properties: text, required: [], examples: "[{}]"))
        #expect(try package.findings().map { $0.contains("ParcelSentV2") } == [true])
    }

    /// What the check says when the field `a` is `first` in version 1, and `second` in version 2.
    private func findings(_ first: String, _ second: String) throws -> [String] {
        let package = try TemporaryPackage()
        for (version, keywords) in [(1, first), (2, second)] {
            let property = #""a": {\#(keywords), "description": "d"}"#
            try package.write(TestSchema(version: version, properties: property, required: [], examples: "[{}]"))
        }
        return try package.findings()
    }
}
