import EventSchema
import Testing

struct SchemaValidationTests {
    private let registry = TestSchema.registry(
        TestSchema(
            properties: """
                "weight": {"type": "integer", "minimum": 1, "maximum": 9, "description": "d"},
                "delta": {"type": "integer", "not": {"const": 0}, "description": "d"},
                "share": {"type": "number", "minimum": 0, "maximum": 0.5, "description": "d"},
                "kind": {"type": "string", "enum": ["letter", "box"], "description": "d"},
                "code": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "d"},
                "label": {"type": "string", "minLength": 1, "maxLength": 3, "description": "d"},
                "day": {"type": "string", "format": "date", "description": "d"},
                "isGift": {"type": "boolean", "description": "d"},
                "stops": {"type": "array", "minItems": 1, "maxItems": 2, "description": "d", "items":
                    {"type": "object", "title": "Stop", "properties": {
                        "town": {"type": "string", "description": "d"}}, "required": ["town"]}}
                """),
        TestSchema(
            name: "ParcelPriced", properties: #""price": {"$ref": "../common/Price.v1.json", "description": "d"}"#,
            required: ["price"], examples: #"[{"price": {"weight": 1}}]"#),
        TestSchema(context: "common", name: "Price", aggregate: nil))

    @Test(arguments: [
        #"{"weight": 1}"#, #"{"weight": 9, "unknown": [null]}"#,
        #"{"weight": 5, "delta": -1, "share": 0.25, "kind": "box", "code": "ABC"}"#,
        #"{"weight": 5, "label": "é😀x", "day": "2024-02-29"}"#,
        #"{"weight": 5, "share": 0, "isGift": false, "stops": [{"town": "Delft"}]}"#,
    ])
    func `finds nothing wrong with what is valid`(payload: String) {
        #expect(registry.findings == [])
        #expect(violations(payload) == [])
    }

    @Test(arguments: [
        (#"[]"#, "the document is not an object"), (#"{}"#, "/weight is missing"),
        (#"{"weight": null}"#, "/weight is not an integer"), (#"{"weight": 1.0}"#, "/weight is not an integer"),
        (#"{"weight": 0}"#, "/weight is less than 1"), (#"{"weight": 10}"#, "/weight is more than 9"),
        (#"{"weight": 5, "delta": 0}"#, "/delta is the one value that it must not be"),
        (#"{"weight": 5, "share": 0.75}"#, "/share is more than 0.5"),
        (#"{"weight": 5, "share": -1}"#, "/share is less than 0.0"),
        (#"{"weight": 5, "kind": "bag"}"#, "/kind is none of the values it can have"),
        (#"{"weight": 5, "code": "ABCD"}"#, "/code does not match ^[A-Z]{3}$"),
        (#"{"weight": 5, "label": ""}"#, "/label has fewer than 1 characters"),
        (#"{"weight": 5, "label": "abcd"}"#, "/label has more than 3 characters"),
        (#"{"weight": 5, "day": "2023-02-29"}"#, "/day is not a date"),
        (#"{"weight": 5, "isGift": 1}"#, "/isGift is not a boolean"),
        (#"{"weight": 5, "stops": {}}"#, "/stops is not an array"),
        (#"{"weight": 5, "stops": []}"#, "/stops has fewer than 1 items"),
        (#"{"weight": 5, "stops": [{"town": "a"}, {"town": "b"}, {"town": "c"}]}"#, "/stops has more than 2 items"),
        (#"{"weight": 5, "stops": [{}, {}, {}]}"#, "/stops has more than 2 items"),
        (#"{"weight": 5, "stops": [{"town": "a"}, {}]}"#, "/stops/1/town is missing"),
        (#"{"weight": "#, "the document is not JSON: field 'weight' is malformed at byte 11"),
    ])
    func `says where a payload is wrong`(payload: String, violation: String) {
        #expect(violations(payload) == [violation])
    }

    @Test func `follows references`() {
        #expect(violations(#"{"price": {"weight": 3}}"#, type: "ParcelPriced") == [])
        #expect(violations(#"{"price": {"weight": "3"}}"#, type: "ParcelPriced") == ["/price/weight is not an integer"])
    }

    /// Whoever reads version 1 reads it as version 2, which has a field more.
    @Test func `holds what a version does not name to what a later one reads it as`() {
        let weight = #""weight": {"type": "integer", "description": "In grams."}"#
        let registry = TestSchema.registry(
            TestSchema(),
            TestSchema(version: 2, properties: weight + #", "town": {"type": "string", "description": "d"}"#))
        #expect(registry.findings == [])
        func problems(_ payload: String) -> [String] {
            registry.violations(of: Array(payload.utf8)[...], type: "ParcelSent", version: 1).map(\.description)
        }
        #expect(problems(#"{"weight": 5, "town": "Delft", "unknown": 1}"#) == [])
        #expect(problems(#"{"weight": 5, "town": 1}"#) == ["/town is not a string"])
    }

    /// A later version may name the field, hold it to another kind, and read this one.
    @Test(
        arguments: [
            (#"{"weight": 5, "town": "Delft"}"#, ["/town is not a field of this version"]),
            (#"{"weight": 5, "\u212Aind": 1}"#, ["/… is not a field of this version"]),
            (#"{"weight": 5, "stops": [{"town": "a", "kind": 1}]}"#, ["/stops/0/kind is not a field of this version"]),
            (#"{"weight": 5, "stops": [{"town": "a"}]}"#, []),
            (#"{"x": 1}"#, ["/weight is missing", "/x is not a field of this version"]),
        ] as [(String, [String])])
    func `finds fields that a version does not name, where none are accepted`(payload: String, problems: [String]) {
        let violations = registry.violations(
            of: Array(payload.utf8)[...], type: "ParcelSent", version: 1, acceptsUnknownFields: false)
        #expect(violations.map(\.description) == problems)
    }

    @Test func `does not look for a pattern in what is too long`() {
        let word = #""word": {"type": "string", "pattern": "^a*$", "maxLength": 3, "description": "d"}"#
        let registry = TestSchema.registry(
            TestSchema(properties: word, required: ["word"], examples: #"[{"word": "a"}]"#))
        #expect(registry.findings == [])
        let problems = registry.violations(of: Array(#"{"word": "bbbb"}"#.utf8)[...], type: "ParcelSent", version: 1)
        #expect(problems.map(\.description) == ["/word has more than 3 characters"])
    }

    /// U+212A is a K to Unicode, and another letter to whoever reads a field.
    @Test func `knows fields and values by their bytes`() {
        let properties = #""Kind": {"type": "string", "enum": ["OK"], "description": "d"}"#
        let registry = TestSchema.registry(
            TestSchema(properties: properties, required: ["Kind"], examples: #"[{"Kind": "OK"}]"#))
        func problems(_ payload: String) -> [String] {
            registry.violations(of: Array(payload.utf8)[...], type: "ParcelSent", version: 1).map(\.description)
        }
        #expect(problems(#"{"Kind": "OK"}"#) == [])
        #expect(problems("{\"\u{212A}ind\": \"OK\"}") == ["/Kind is missing"])
        #expect(problems("{\"Kind\": \"O\u{212A}\"}") == ["/Kind is none of the values it can have"])
    }

    @Test func `lists a hundred mistakes and no more`() {
        let marks = #""marks": {"type": "array", "description": "d", "items": {"type": "integer"}}"#
        let registry = TestSchema.registry(
            TestSchema(properties: marks, required: ["marks"], examples: #"[{"marks": [1]}]"#))
        #expect(registry.findings == [])
        let payload = "{\"marks\": [\(Array(repeating: "null", count: 1_000).joined(separator: ","))]}"
        let violations = registry.violations(of: Array(payload.utf8)[...], type: "ParcelSent", version: 1)
        #expect(violations.count == SchemaRegistry.violationsMax)
    }

    /// U+212A is a K to Unicode, and another letter to a log.
    @Test func `knows a type by its bytes`() {
        let registry = TestSchema.registry(TestSchema(name: "ParcelKept"))
        #expect(registry.event("ParcelKept") != nil)
        #expect(registry.event("Parcel\u{212A}ept") == nil)
        #expect(registry.document(type: "Parcel\u{212A}ept", version: 1) == nil)
    }

    @Test func `knows nothing of other types and versions`() {
        let problem = "the document is of a type or version that has no schema"
        #expect(violations("{}", type: "ParcelEaten") == [problem])
        #expect(violations(#"{"weight": 5}"#, version: 2) == [problem])
    }

    private func violations(_ payload: String, type: String = "ParcelSent", version: Int = 1) -> [String] {
        registry.violations(of: Array(payload.utf8)[...], type: type, version: version).map(\.description)
    }
}
