/// Names that differ in a schema and would be one name in Swift, or would hide another one there.
func nameFindings(_ registry: SchemaRegistry) -> [Finding] {
    memberFindings(registry) + caseFindings(registry) + typeFindings(registry)
}

/// What is wrong with names inside the struct of one event.
private func memberFindings(_ registry: SchemaRegistry) -> [Finding] {
    registry.events.flatMap(\.versions).flatMap { document -> [Finding] in
        guard case .object(let rules) = document.schema.shape else { return [] }
        var planner = TypePlanner(registry: registry)
        let model = planner.structure(document.path.name, nil, rules)
        return Set(model.clashes(inside: [])).map { Finding(document, $0) }
    }
}

private func caseFindings(_ registry: SchemaRegistry) -> [Finding] {
    let aggregates = Dictionary(grouping: registry.events) { [$0.context, $0.aggregate] }
    return aggregates.values.flatMap { events in
        repeated(events.map { SwiftNames.eventCase($0.type, of: $0.aggregate) }).map {
            Finding(events[0].newest, "two events of its aggregate would be the case '\($0)'; rename one.")
        }
    }
}

/// What is wrong with the names of the types that are not inside others: events, their older versions, and enums.
private func typeFindings(_ registry: SchemaRegistry) -> [Finding] {
    var findings: [Finding] = []
    for events in Dictionary(grouping: registry.events, by: { SwiftNames.target($0.context) }).values {
        for (name, documents) in topLevelTypes(events, registry) {
            if documents.count > 1 {
                findings.append(
                    Finding(documents[0], "two types of its context would be named '\(name)'; rename one."))
            }
            if SwiftNames.used.contains(name) {
                findings.append(
                    Finding(documents[0], "a type named '\(name)' would hide what generated code uses; rename it."))
            }
        }
    }
    return findings
}

/// The schemas that each type at the top of a file is made after, by the type's name.
private func topLevelTypes(_ events: [EventDefinition], _ registry: SchemaRegistry) -> [String: [SchemaDocument]] {
    var types: [String: [SchemaDocument]] = [:]
    for event in events {
        for link in VersionChain(event, in: registry).links { types[link.typeName, default: []].append(link.document) }
    }
    for (aggregate, own) in Dictionary(grouping: events, by: \.aggregate) {
        types["\(aggregate)Event", default: []].append(own[0].newest)
    }
    return types
}

extension TypeModel {
    /// What to say of the names in this type.
    ///
    /// - Parameter outer: The types that can be named inside this one without saying where they are.
    fileprivate func clashes(inside outer: Set<String>) -> [String] {
        switch kind {
        case .enumeration(let values):
            return repeated(values.map(SwiftNames.enumCase)).map { shared("values named '\($0)' of \(name)") }
        case .structure(let fields, let nested):
            let names = nested.map(\.name)
            let visible = outer.union(names)
            var clashes = repeated(fields.map(\.swiftName)).map { shared("fields named '\($0)'") }
            clashes += repeated(names).map { shared("types named '\($0)'") }
            clashes += visible.intersection(fields.compactMap(\.handWrittenType)).map {
                "a type named '\($0)' would hide the hand-written one; give it a title."
            }
            clashes += SwiftNames.used.intersection(names).map {
                "a type named '\($0)' would hide what generated code uses; give it a title."
            }
            return clashes + nested.flatMap { $0.clashes(inside: visible) }
        }
    }

    private func shared(_ names: String) -> String { "two \(names) would share a name in Swift; rename one." }
}

private func repeated(_ names: [String]) -> [String] {
    Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
}
