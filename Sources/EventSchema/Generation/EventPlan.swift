/// What is generated for one type of event.
struct EventPlan {
    let event: EventDefinition
    let chain: VersionChain
    private let types: [TypeModel]

    init(_ event: EventDefinition, registry: SchemaRegistry, _ planner: inout TypePlanner) {
        self.event = event
        chain = VersionChain(event, in: registry)
        var types: [TypeModel] = []
        for link in chain.links {
            guard case .object(let rules) = link.document.schema.shape else { continue }
            types.append(planner.structure(link.typeName, link.document.schema.description, rules))
        }
        self.types = types
    }

    /// Writes the newest struct, and then the older ones, which can only be read.
    func write(to source: inout SourceText) {
        for (index, type) in types.enumerated().reversed() {
            let isNewest = index == types.count - 1
            source.line()
            type.writeDeclaration(to: &source, members: isNewest ? identity : [])
            type.writeCodec(to: &source, isWritable: isNewest)
        }
    }

    private var identity: [String] {
        [
            "public static let eventType: EventType = \"\(event.type)\"",
            "public static let schemaVersion = \(event.newest.path.version)",
        ]
    }
}
