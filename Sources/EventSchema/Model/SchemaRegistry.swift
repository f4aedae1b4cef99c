internal import EventCodec

/// The schemas of every event, by type and version.
public struct SchemaRegistry: Sendable {
    /// Every file that could be understood, by its path in `EventSchemas`, sorted.
    public let documents: [SchemaDocument]
    /// Every type of event, sorted by name.
    public let events: [EventDefinition]
    /// What is wrong with single files. A registry with findings is not fit for use.
    public let findings: [Finding]

    private let byPath: [String: SchemaDocument]
    /// By the bytes of their names, as a log tells them apart; to Swift, texts that Unicode calls equivalent are the
    /// same.
    private let byType: [[UInt8]: EventDefinition]

    /// Understands `files`: their paths in `EventSchemas`, and their bytes.
    public init(files: [String: [UInt8]]) {
        var findings: [Finding] = []
        documents = files.sorted { $0.key < $1.key }.compactMap { path, bytes in
            parse(path, bytes, &findings)
        }.sorted { $0.path < $1.path }
        byPath = Dictionary(uniqueKeysWithValues: documents.map { ($0.path.description, $0) })
        events = definitions(documents.filter(\.isEvent), &findings)
        byType = Dictionary(uniqueKeysWithValues: events.map { (Array($0.type.utf8), $0) })
        self.findings = (findings + referenceFindings(documents, byPath)).sorted()
    }

    /// The schema of one version of a type of event.
    public func document(type: String, version: Int) -> SchemaDocument? {
        event(type)?.versions.first { $0.path.version == version }
    }

    /// One type of event.
    public func event(_ type: String) -> EventDefinition? { byType[Array(type.utf8)] }

    /// The file that a reference points to.
    func document(at path: String) -> SchemaDocument? { byPath[path] }

    /// `schema`, or what it refers to in the end. What a reference says beside it comes first.
    func resolved(_ schema: Schema) -> Schema? {
        var schema = schema
        // As many steps as there are files: more would be a circle.
        for _ in documents {
            guard case .reference(let path) = schema.shape else { return schema }
            guard let target = byPath[path]?.schema else { return nil }
            schema = Schema(
                title: schema.title ?? target.title, description: schema.description ?? target.description,
                swiftType: schema.swiftType ?? target.swiftType, shape: target.shape)
        }
        return nil
    }
}

private func parse(_ path: String, _ bytes: [UInt8], _ findings: inout [Finding]) -> SchemaDocument? {
    let file = schemaFolder + path
    guard let schemaPath = SchemaPath(path) else {
        findings.append(Finding(file: file, message: "the file must be named <context>/<Name>.v<N>.json."))
        return nil
    }
    do throws(JSONError) {
        var parser = SchemaParser(schemaPath)
        let document = parser.document(try JSONValue(jsonBytes: bytes))
        findings += parser.findings
        return document
    } catch {
        findings.append(Finding(file: file, message: "\(error)."))
        return nil
    }
}

/// Groups versions by type. Of a type that two contexts claim, the first one counts.
private func definitions(_ documents: [SchemaDocument], _ findings: inout [Finding]) -> [EventDefinition] {
    var events: [EventDefinition] = []
    for (type, versions) in Dictionary(grouping: documents, by: \.path.name).sorted(by: { $0.key < $1.key }) {
        let own = versions.filter { $0.path.context == versions[0].path.context }
        for stranger in versions where stranger.path.context != own[0].path.context {
            findings.append(
                Finding(
                    file: schemaFolder + stranger.path.description,
                    message: "the context '\(own[0].path.context)' already has an event \(type); choose another name."))
        }
        guard let newest = own.last, let aggregate = newest.aggregate else { continue }
        events.append(
            EventDefinition(
                type: type, context: newest.path.context, aggregate: aggregate, versions: own, newest: newest))
    }
    return events
}
