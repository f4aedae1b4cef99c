/// References that lead nowhere, or round in a circle.
func referenceFindings(_ documents: [SchemaDocument], _ byPath: [String: SchemaDocument]) -> [Finding] {
    documents.flatMap { document in
        let file = schemaFolder + document.path.description
        let missing = references(in: document.schema).filter { byPath[$0] == nil }
        let findings = missing.sorted().map {
            Finding(file: file, message: "it refers to \($0), which does not exist.")
        }
        guard isCircular(document, byPath) else { return findings }
        return findings + [Finding(file: file, message: "its references lead back to itself.")]
    }
}

private func isCircular(_ document: SchemaDocument, _ byPath: [String: SchemaDocument]) -> Bool {
    let origin = document.path.description
    var reached: Set<String> = []
    var pending = references(in: document.schema)
    while let path = pending.popFirst() {
        guard reached.insert(path).inserted, let target = byPath[path] else { continue }
        pending.formUnion(references(in: target.schema))
    }
    return reached.contains(origin)
}

private func references(in schema: Schema) -> Set<String> {
    switch schema.shape {
    case .reference(let path): [path]
    case .array(let rules): references(in: rules.items)
    case .object(let rules): rules.properties.reduce(into: []) { $0.formUnion(references(in: $1.schema)) }
    case .string, .integer, .number, .boolean: []
    }
}
