internal import EventCodec

/// Turns JSON into ``Schema``, and says of everything that it cannot take where it stands.
struct SchemaParser {
    private let path: SchemaPath
    private let file: String
    var isShared: Bool { path.context == SchemaPath.common }
    private(set) var findings: [Finding] = []

    init(_ path: SchemaPath) {
        self.path = path
        file = schemaFolder + path.description
    }

    /// The whole file.
    mutating func document(_ source: JSONValue) -> SchemaDocument? {
        guard let object = source.object else {
            complain("the document must be an object.")
            return nil
        }
        var keywords = Keywords(object, at: JSONPointer(), in: file)
        if keywords.string("$schema") != dialect { keywords.complain("/$schema must be \(dialect).") }
        if keywords.string("$id")?.hasSuffix("/\(path)") != true { keywords.complain("/$id must end in /\(path).") }
        let aggregate = keywords.string("x-aggregate")
        let wantsUpcaster = keywords.boolean("x-upcaster") ?? false
        let examples = keywords.array("examples") ?? []
        if examples.isEmpty { keywords.complain("/examples must hold at least one example.") }
        complainAboutAggregate(aggregate, &keywords)
        guard let schema = schema(&keywords, at: JSONPointer()) else { return nil }
        complainAboutNames(schema)
        return SchemaDocument(
            path: path, schema: schema, aggregate: aggregate, wantsUpcaster: wantsUpcaster, examples: examples,
            source: source)
    }

    mutating func schema(_ value: JSONValue, at pointer: JSONPointer) -> Schema? {
        guard let object = value.object else {
            complain("\(pointer.phrase) must be an object.")
            return nil
        }
        var keywords = Keywords(object, at: pointer, in: file)
        return schema(&keywords, at: pointer)
    }

    mutating func complain(_ message: String) { findings.append(Finding(file: file, message: message)) }

    mutating func schema(_ keywords: inout Keywords, at pointer: JSONPointer) -> Schema? {
        _ = keywords.take("$comment")
        let title = keywords.typeName("title")
        let description = keywords.string("description")
        let swiftType = keywords.typeName("x-swift-type")
        let shape = shape(&keywords, at: pointer)
        keywords.end()
        findings += keywords.findings
        return shape.map { Schema(title: title, description: description, swiftType: swiftType, shape: $0) }
    }

    private func complainAboutAggregate(_ aggregate: String?, _ keywords: inout Keywords) {
        if !isShared, aggregate.map(isTypeName) != true {
            keywords.complain("/x-aggregate must name the aggregate that records this event.")
        } else if isShared, aggregate != nil {
            keywords.complain("/x-aggregate is for events; take it out of this shared shape.")
        }
    }

    private mutating func complainAboutNames(_ schema: Schema) {
        if schema.title != path.name { complain("/title must be '\(path.name)', as in the file's name.") }
        if schema.description?.isEmpty != false { complain("/description must say what it means.") }
        if !isShared, !schema.isObject { complain("/type must be 'object' for an event.") }
    }
}

/// Where schemas live in the package.
let schemaFolder = "EventSchemas/"

private let dialect = "https://json-schema.org/draft/2020-12/schema"
