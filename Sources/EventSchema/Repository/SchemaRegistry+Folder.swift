extension SchemaRegistry {
    /// Understands the schemas in `folder`, which is laid out as `EventSchemas` is.
    ///
    /// - Throws: ``SchemaError`` when there are none, or when one is not understood.
    public init(folder: String) throws(SchemaError) {
        let files = PackageFiles(root: folder)
        let paths = files.list(".", suffix: ".json").map { String($0.dropFirst(2)) }.filter { $0.contains("/") }
        guard !paths.isEmpty else {
            throw SchemaError([Finding(file: folder, message: "there are no schemas in this folder.")])
        }
        self.init(files: Dictionary(uniqueKeysWithValues: paths.map { ($0, files.read($0) ?? []) }))
        guard findings.isEmpty else { throw SchemaError(findings) }
    }
}
