/// Looks for the upcasters that versions need which later ones cannot read by themselves.
struct UpcasterCheck {
    let registry: SchemaRegistry
    let files: PackageFiles

    func findings() -> [Finding] {
        registry.events.flatMap { event in
            let chain = VersionChain(event, in: registry)
            return zip(chain.links, chain.links.dropFirst()).compactMap { older, next in
                hasUpcaster(from: older.typeName, to: next.typeName, in: event.context)
                    ? nil : finding(older, next, in: event)
            }
        }
    }

    private func finding(_ older: VersionChain.Link, _ next: VersionChain.Link, in event: EventDefinition) -> Finding {
        let document = event.versions.first { $0.path.version == next.versions.lowerBound } ?? next.document
        let obstacles = Compatibility(registry: registry).obstacles(from: older.document, to: document)
        let why = obstacles.isEmpty ? "it asks for an upcaster" : obstacles.joined(separator: ", and ")
        return Finding(
            document,
            """
            version \(older.versions.upperBound) cannot be read as it is (\(why)); undo that, or write \
            `extension \(next.typeName) { init(upcasting old: \(older.typeName)) }` in \(folder(event.context)).
            """)
    }

    /// Whether a source file of the context has the initialiser. Only looks at its text: the compiler does the rest.
    private func hasUpcaster(from older: String, to next: String, in context: String) -> Bool {
        files.list(folder(context), suffix: ".swift").contains { path in
            guard let bytes = files.read(path) else { return false }
            let text = String(decoding: bytes, as: UTF8.self)
            return text.contains("extension \(next) ")
                && text.split(separator: "init(upcasting ").dropFirst().contains { rest in
                    rest.prefix { $0 != ")" }.split(whereSeparator: { ": ".contains($0) }).last == older[...]
                }
        }
    }

    private func folder(_ context: String) -> String { "Sources/\(SwiftNames.target(context))" }
}
