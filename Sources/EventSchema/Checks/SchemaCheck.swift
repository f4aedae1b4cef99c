/// Everything that must hold before schemas are committed.
struct SchemaCheck {
    let registry: SchemaRegistry
    let files: PackageFiles

    /// What to put right, sorted by file; nothing when all is well.
    func findings() -> [Finding] {
        var findings = registry.findings + releaseFindings()
        findings += versionFindings(registry.documents)
        // What is derived from schemas says nothing while they are not understood.
        if registry.findings.isEmpty {
            findings += exampleFindings(registry) + nameFindings(registry)
            findings += UpcasterCheck(registry: registry, files: files).findings()
            findings += StalenessCheck(registry: registry, files: files).findings()
        }
        return findings.sorted()
    }

    private func releaseFindings() -> [Finding] {
        do throws(SchemaError) {
            return try ReleaseLock(in: files).findings(in: registry)
        } catch {
            return error.findings
        }
    }
}

/// Versions that are not 1, 2, 3, … or that change the aggregate.
private func versionFindings(_ documents: [SchemaDocument]) -> [Finding] {
    var findings: [Finding] = []
    let types = Dictionary(grouping: documents) { [$0.path.context, $0.path.name] }
    for versions in types.values {
        for (expected, document) in zip(1..., versions) where document.path.version != expected {
            findings.append(
                Finding(document, "there is no version \(expected) before it; number versions 1, 2, 3 and so on."))
            break
        }
        for document in versions where document.aggregate != versions[0].aggregate {
            findings.append(Finding(document, "/x-aggregate must be the same in all versions."))
        }
    }
    return findings
}

/// Examples that are not valid.
private func exampleFindings(_ registry: SchemaRegistry) -> [Finding] {
    registry.documents.flatMap { document in
        document.examples.enumerated().flatMap { index, example in
            registry.violations(of: example, in: document).map { violation in
                let place = violation.pointer.isRoot ? "" : violation.pointer.description
                return Finding(document, "/examples/\(index)\(place) \(violation.problem); correct the example.")
            }
        }
    }
}

extension Finding {
    init(_ document: SchemaDocument, _ message: String) {
        self.init(file: schemaFolder + document.path.description, message: message)
    }
}
