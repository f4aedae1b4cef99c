/// A source file as it should be.
public struct GeneratedFile: Sendable, Hashable {
    /// The file's path in the package.
    public let path: String
    public let text: String
}

/// Writes the Swift of every event: one file for each aggregate.
///
/// The same schemas always give the same text.
public struct CodeGenerator: Sendable {
    private let registry: SchemaRegistry

    public init(_ registry: SchemaRegistry) { self.registry = registry }

    public func files() -> [GeneratedFile] {
        let aggregates = Dictionary(grouping: registry.events) { [$0.context, $0.aggregate] }
        return aggregates.values.map(file).sorted { $0.path < $1.path }
    }

    private func file(_ events: [EventDefinition]) -> GeneratedFile {
        let (context, aggregate) = (events[0].context, events[0].aggregate)
        var planner = TypePlanner(registry: registry)
        let plans = events.map { EventPlan($0, registry: registry, &planner) }
        var source = SourceText()
        source.line("// Generated from \(schemaFolder)\(context) by `strata schemas generate`. Do not edit.")
        source.line("// swift-format-ignore-file")
        source.line()
        if planner.usesHandWrittenTypes { source.line("public import Commerce") }
        source.line("public import EventCodec")
        source.line("public import EventSourcing")
        source.line()
        AggregateSource(name: aggregate, plans: plans).write(to: &source)
        for plan in plans { plan.write(to: &source) }
        return GeneratedFile(
            path: "Sources/\(SwiftNames.target(context))/Generated/\(aggregate)Events.swift", text: source.text)
    }
}
