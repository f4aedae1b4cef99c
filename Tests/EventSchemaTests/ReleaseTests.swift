import EventSchema
import Testing

struct ReleaseTests {
    private let package: TemporaryPackage

    init() throws {
        package = try TemporaryPackage()
        try package.write(TestSchema())
        _ = try package.findings()
    }

    @Test func `releases what is new, once`() throws {
        #expect(try package.repository().release() == ["parcels/ParcelSent.v1.json"])
        let lock = try package.read("EventSchemas/released.json")
        #expect(lock.hasPrefix("{\n  \"parcels/ParcelSent.v1.json\": \"sha256:"))
        #expect(try package.repository().release() == [])
        try package.write(TestSchema(version: 2, required: []))
        _ = try package.findings()
        #expect(try package.repository().release() == ["parcels/ParcelSent.v2.json"])
        #expect(try package.findings() == [])
    }

    @Test(arguments: [
        TestSchema(required: []),
        TestSchema(properties: #""weight": {"type": "integer", "minimum": 1, "description": "In grams."}"#),
        TestSchema(aggregate: "Packet"),
        TestSchema(
            properties: """
                "weight": {"type": "integer", "description": "d"},
                "description": {"type": "string", "description": "A property of that name is no remark."}
                """
        ),
    ])
    func `holds a released version still`(edited: TestSchema) throws {
        _ = try package.repository().release()
        try package.write(edited)
        #expect(
            try package.findings().contains(
                "EventSchemas/parcels/ParcelSent.v1.json: it is released and must stay as it is; "
                    + "restore it and write ParcelSent.v2.json."
            ))
    }

    @Test func `lets remarks on a released version change`() throws {
        _ = try package.repository().release()
        try package.write(
            TestSchema(
                description: "Better words.", extra: #""$comment": "x","#,
                properties: #""weight": {"description": "In whole grams.", "type": "integer"}"#,
                examples: #"[{"weight": 6}]"#))
        #expect(try package.findings() == [])
    }

    @Test func `lets remarks inside a released version change`() throws {
        func list(_ remark: String) -> TestSchema {
            let items = #"{"type": "object", "title": "Stop", "description": "\#(remark)", "properties": {}}"#
            return TestSchema(
                name: "ParcelMoved", properties: #""stops": {"type": "array", "items": \#(items), "description": "d"}"#,
                required: [], examples: "[{}]")
        }
        try package.write(list("A stop."))
        _ = try package.findings()
        _ = try package.repository().release()
        try package.write(list("A stop on the way."))
        #expect(try package.findings() == [])
    }

    @Test func `misses a released version that has gone`() throws {
        try package.write(TestSchema(name: "ParcelLost"))
        _ = try package.findings()
        _ = try package.repository().release()
        try package.remove("EventSchemas/parcels/ParcelLost.v1.json")
        #expect(
            try package.findings() == [
                "EventSchemas/parcels/ParcelLost.v1.json: it is released and events of it are in logs; restore it."
            ])
    }

    @Test func `releases nothing while there are findings`() throws {
        try package.write(TestSchema(examples: #"[{}]"#))
        let error = #expect(throws: SchemaError.self) { try package.repository().release() }
        #expect(error?.findings.count == 1)
        #expect(throws: (any Error).self) { try package.read("EventSchemas/released.json") }
    }

    @Test func `says when the lock file is damaged`() throws {
        try package.write("{\"a\": 1}", to: "EventSchemas/released.json")
        #expect(
            try package.findings() == [
                "EventSchemas/released.json: it must be an object of paths and digests; restore it."
            ])
    }
}
