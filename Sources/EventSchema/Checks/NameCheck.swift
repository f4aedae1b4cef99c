/// Names that differ in a schema and would be one name in Swift.
func nameFindings(_ registry: SchemaRegistry) -> [Finding] {
    var findings: [Finding] = []
    for event in registry.events {
        for document in event.versions {
            guard case .object(let rules) = document.schema.shape else { continue }
            var planner = TypePlanner(registry: registry)
            let model = planner.structure(event.type, nil, rules)
            findings += model.clashes.map { Finding(document, "two \($0) would share a name in Swift; rename one.") }
        }
    }
    let aggregates = Dictionary(grouping: registry.events) { [$0.context, $0.aggregate] }
    for events in aggregates.values {
        let clashes = repeated(events.map { SwiftNames.eventCase($0.type, of: $0.aggregate) })
        findings += clashes.map {
            Finding(events[0].newest, "two events of its aggregate would be the case '\($0)'; rename one.")
        }
    }
    return findings
}

extension TypeModel {
    /// What is there twice, as in `fields named 'orderID'`.
    fileprivate var clashes: [String] {
        switch kind {
        case .enumeration(let values):
            repeated(values.map(SwiftNames.enumCase)).map { "values named '\($0)' of \(name)" }
        case .structure(let fields, let nested):
            repeated(fields.map(\.swiftName)).map { "fields named '\($0)'" }
                + repeated(nested.map(\.name)).map { "types named '\($0)'" } + nested.flatMap(\.clashes)
        }
    }
}

private func repeated(_ names: [String]) -> [String] {
    Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
}
