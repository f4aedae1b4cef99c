internal import EventCodec

/// Which versions are released, and what they said then: `EventSchemas/released.json`.
///
/// A released version is in logs for good. Its descriptions and examples may still change; what it admits may not.
struct ReleaseLock {
    static let path = schemaFolder + "released.json"

    private var digests: [String: String]

    /// Reads the lock file; nothing is released when there is none.
    init(in files: PackageFiles) throws(SchemaError) {
        guard let bytes = files.read(Self.path) else {
            digests = [:]
            return
        }
        guard let object = (try? JSONValue(jsonBytes: bytes))?.object, object.allSatisfy({ $0.value.string != nil })
        else {
            throw SchemaError([
                Finding(file: Self.path, message: "it must be an object of paths and digests; restore it.")
            ])
        }
        digests = Dictionary(uniqueKeysWithValues: object.map { ($0.key, $0.value.string ?? "") })
    }

    /// Released versions that have changed or gone.
    func findings(in registry: SchemaRegistry) -> [Finding] {
        digests.sorted { $0.key < $1.key }.compactMap { path, digest in
            guard let document = registry.document(at: path) else {
                return Finding(
                    file: schemaFolder + path, message: "it is released and events of it are in logs; restore it.")
            }
            guard SchemaDigest.of(document) != digest else { return nil }
            let (name, next) = (document.path.name, document.path.version + 1)
            return Finding(
                document, "it is released and must stay as it is; restore it and write \(name).v\(next).json.")
        }
    }

    /// Adds what is not released yet.
    ///
    /// - Returns: The paths of the versions added.
    mutating func add(_ documents: [SchemaDocument]) -> [String] {
        let new = documents.filter { digests[$0.path.description] == nil }
        for document in new { digests[document.path.description] = SchemaDigest.of(document) }
        return new.map(\.path.description)
    }

    /// The file's bytes, one line for each version, in order.
    var bytes: [UInt8] {
        let lines = digests.sorted { $0.key < $1.key }.map { "  \(quoted($0)): \(quoted($1))" }
        return Array("{\n\(lines.joined(separator: ",\n"))\n}\n".utf8)
    }
}

private func quoted(_ text: String) -> String { String(decoding: text.jsonBytes, as: UTF8.self) }
