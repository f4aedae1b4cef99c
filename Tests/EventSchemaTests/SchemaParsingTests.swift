import EventCodec
import EventSchema
import Testing

struct SchemaParsingTests {
    @Test func `understands a schema`() throws {
        let registry = TestSchema.registry(TestSchema(), TestSchema(version: 2, required: []))
        #expect(registry.findings == [])
        let event = try #require(registry.event("ParcelSent"))
        #expect(event.aggregate == "Parcel")
        #expect(event.context == "parcels")
        #expect(event.versions.map(\.path.version) == [1, 2])
        #expect(event.newest.path.version == 2)
        #expect(registry.document(type: "ParcelSent", version: 1)?.examples == [["weight": 5]])
        #expect(registry.document(type: "ParcelSent", version: 3) == nil)
    }

    @Test(arguments: [
        (
            #""weight": {"oneOf": [], "type": "integer", "description": "d"}"#,
            "/properties/weight/oneOf is not supported; use the keywords that are, or take it out."
        ),
        (
            #""weight": {"type": "integer", "pattern": "^a$", "description": "d"}"#,
            "/properties/weight/pattern is not supported; use the keywords that are, or take it out."
        ),
        (
            #""weight": {"type": "integer", "not": {"const": 0, "type": "integer"}, "description": "d"}"#,
            #"/properties/weight/not must be of the form {"const": 0}."#
        ),
        (
            #""weight": {"type": "integer", "minimum": 1.5, "description": "d"}"#,
            "/properties/weight/minimum must be an integer."
        ),
        (#""weight": {"type": ["integer", "null"], "description": "d"}"#, "/properties/weight/type must be a string."),
        (
            #""weight": {"type": "decimal", "description": "d"}"#,
            "/properties/weight/type must be string, integer, number, boolean, array or object."
        ),
        (
            #""weight": {"type": "string", "pattern": "a|b", "description": "d"}"#,
            "/properties/weight/pattern must be a pattern of the supported kind, such as ^[A-Z]{3}$."
        ),
        (
            #""weight": {"type": "string", "format": "email", "description": "d"}"#,
            "/properties/weight/format must be one of date, date-time, uuid."
        ),
        (
            #""weight": {"type": "string", "enum": ["a", "a"], "description": "d"}"#,
            "/properties/weight/enum must be an array of different words of letters, digits, '-', '_' and '.'."
        ),
        (
            #""weight": {"type": "string", "enum": ["say \"so\""], "description": "d"}"#,
            "/properties/weight/enum must be an array of different words of letters, digits, '-', '_' and '.'."
        ),
        (
            #""weight": {"type": "string", "enum": [], "description": "d"}"#,
            "/properties/weight/enum must be an array of different words of letters, digits, '-', '_' and '.'."
        ),
        (
            #""weight": {"type": "object", "title": "a weight", "description": "d"}"#,
            "/properties/weight/title must be the name of a Swift type."
        ),
        (
            #""weight": {"type": "array", "items": {"$ref": "../common/Gram.v1.json"}, "description": "d"}"#,
            "it refers to common/Gram.v1.json, which does not exist."
        ),
        (
            #""weight": {"type": "string", "minLength": -1, "description": "d"}"#,
            "/properties/weight/minLength must be an integer of 0 or more."
        ),
        (
            #""weight": {"type": "string", "x-swift-type": "a b", "description": "d"}"#,
            "/properties/weight/x-swift-type must be the name of a Swift type."
        ),
        (
            #""weight": {"type": "array", "description": "d"}"#,
            "/properties/weight/items must say what the array holds."
        ),
        (
            #""weight": {"type": "array", "items": {"type": "object"}, "description": "d"}"#,
            "/properties/weight/items/title must name one element, as a Swift type is named."
        ),
        (#""weight": {"type": "integer"}"#, "/properties/weight/description must say what it means."),
        (#""weight": 7"#, "/properties/weight must be an object."),
        (
            #""weight": {"$ref": "../orders/Money.v1.json", "description": "d"}"#,
            "/properties/weight/$ref must be the relative path of a file in common."
        ),
        (
            #""weight": {"$ref": "../common/Gram.v1.json", "description": "d"}"#,
            "it refers to common/Gram.v1.json, which does not exist."
        ),
        (
            #""weight": {"type": "integer", "description": "d"}, "Other": {"type": "boolean", "description": "d"}"#,
            "/properties/Other must have another name: camelCase, and none that generated code uses itself."
        ),
        (
            #""weight": {"type": "integer", "description": "d"}, "json": {"type": "boolean", "description": "d"}"#,
            "/properties/json must have another name: camelCase, and none that generated code uses itself."
        ),
        (
            #""weight": {"type": "integer", "description": "d"}, "await": {"type": "boolean", "description": "d"}"#,
            "/properties/await must have another name: camelCase, and none that generated code uses itself."
        ),
        (
            #""weight": {"type": "object", "additionalProperties": false, "description": "d"}"#,
            "/properties/weight/additionalProperties must be true: readers skip fields they do not know."
        ),
        (
            #""height": {"type": "integer", "description": "d"}"#,
            "/required names 'weight', which is not among the properties."
        ),
    ])
    func `says where a keyword is wrong`(properties: String, message: String) {
        let findings = TestSchema.registry(TestSchema(properties: properties)).findings.map(\.description)
        #expect(findings.contains("EventSchemas/parcels/ParcelSent.v1.json: \(message)"), "\(findings)")
    }

    @Test(
        arguments: [
            (TestSchema(title: "ParcelLost"), "/title must be 'ParcelSent', as in the file's name."),
            (TestSchema(description: nil), "/description must say what it means."),
            (TestSchema(aggregate: nil), "/x-aggregate must name the aggregate that records this event."),
            (TestSchema(aggregate: "parcel"), "/x-aggregate must name the aggregate that records this event."),
            (TestSchema(context: "common"), "/x-aggregate is for events; take it out of this shared shape."),
            (
                TestSchema(extra: #""allOf": [],"#),
                "/allOf is not supported; use the keywords that are, or take it out."
            ),
            (TestSchema(extra: #""x-upcaster": 1,"#), "/x-upcaster must be a boolean."),
            (TestSchema(examples: "[]"), "/examples must hold at least one example."),
        ] as [(TestSchema, String)])
    func `says what a file lacks`(schema: TestSchema, message: String) {
        #expect(TestSchema.registry(schema).findings.map(\.message).contains(message))
    }

    @Test func `asks for the dialect and an identity`() {
        let text = TestSchema().text.replacing("2020-12", with: "2019-09").replacing(
            "schemas.strata.example", with: "x")
        let path = TestSchema().path
        let other = text.replacing("ParcelSent.v1.json", with: "ParcelLost.v1.json")
        #expect(
            SchemaRegistry(files: [path: Array(other.utf8)]).findings.map(\.message) == [
                "/$id must end in /parcels/ParcelSent.v1.json.",
                "/$schema must be https://json-schema.org/draft/2020-12/schema.",
            ])
    }

    @Test(arguments: [
        "ParcelSent.v1.json", "parcels/ParcelSent.json", "parcels/ParcelSent.v0.json", "parcels/ParcelSent.v01.json",
        "parcels/parcelSent.v1.json", "Parcels/ParcelSent.v1.json", "parcels/deep/ParcelSent.v1.json",
        "parcels/Parcel Sent.v1.json", "parcels/Parx\u{301}el.v1.json",
    ])
    func `refuses other file names`(path: String) {
        let registry = SchemaRegistry(files: [path: Array(TestSchema().text.utf8)])
        #expect(registry.findings.map(\.message).contains("the file must be named <context>/<Name>.v<N>.json."))
        #expect(registry.documents.isEmpty)
    }

    @Test func `says when a file is not JSON`() {
        let registry = SchemaRegistry(files: ["parcels/ParcelSent.v1.json": Array("{\"title\": }".utf8)])
        #expect(registry.findings.map(\.message) == ["field 'title' is malformed at byte 10."])
    }

    @Test func `refuses one type of event in two contexts`() {
        let findings = TestSchema.registry(TestSchema(), TestSchema(context: "returns")).findings
        #expect(
            findings.map(\.description) == [
                "EventSchemas/returns/ParcelSent.v1.json: the context 'parcels' already has an event ParcelSent; "
                    + "choose another name."
            ])
    }

    @Test func `refuses shapes that refer to each other in a circle`() {
        let left = #""other": {"$ref": "Right.v1.json", "description": "d"}"#
        let right = #""other": {"$ref": "Left.v1.json", "description": "d"}"#
        let registry = TestSchema.registry(
            TestSchema(context: "common", name: "Left", aggregate: nil, properties: left, required: []),
            TestSchema(context: "common", name: "Right", aggregate: nil, properties: right, required: []))
        #expect(registry.findings.map(\.message) == Array(repeating: "its references lead back to itself.", count: 2))
    }
}
