/// The schemas of a package on disk, and the Swift that is generated from them.
public struct SchemaRepository: Sendable {
    /// What the schemas say.
    public let registry: SchemaRegistry
    let files: PackageFiles

    /// Reads every schema of the package.
    ///
    /// - Parameter root: The folder of `Package.swift`.
    /// - Throws: ``SchemaError`` when there are no schemas.
    public init(root: String) throws(SchemaError) {
        let files = PackageFiles(root: root)
        let folder = String(schemaFolder.dropLast())
        let paths = files.list(folder, suffix: ".json").filter { $0 != ReleaseLock.path }
        guard !paths.isEmpty else {
            throw SchemaError([Finding(file: folder, message: "there are no schemas in \(root).")])
        }
        let sources = paths.map { (String($0.dropFirst(schemaFolder.count)), files.read($0) ?? []) }
        self.files = files
        registry = SchemaRegistry(files: Dictionary(uniqueKeysWithValues: sources))
    }

    /// The Swift of every event, as it should be on disk.
    ///
    /// - Throws: ``SchemaError`` when a schema cannot be understood.
    public func generate() throws(SchemaError) -> [GeneratedFile] {
        guard registry.findings.isEmpty else { throw SchemaError(registry.findings) }
        return CodeGenerator(registry).files()
    }

    /// Writes those of `generated` that differ from what is on disk.
    ///
    /// - Returns: The paths of the files written.
    @discardableResult
    public func write(_ generated: [GeneratedFile]) throws -> [String] {
        let stale = generated.filter { files.read($0.path) != Array($0.text.utf8) }
        for file in stale { try files.write(Array(file.text.utf8), to: file.path) }
        return stale.map(\.path)
    }
}
