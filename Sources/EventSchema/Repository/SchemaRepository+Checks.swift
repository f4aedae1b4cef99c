extension SchemaRepository {
    /// What to put right before the schemas and what is generated from them can be committed: schemas that are not
    /// understood, released versions that changed, versions that cannot be read any more, invalid examples, stale code.
    public func check() -> [Finding] { SchemaCheck(registry: registry, files: files).findings() }

    /// Releases every version that is not released yet: from now on they cannot change.
    ///
    /// - Returns: The paths of the versions released, in `EventSchemas`.
    /// - Throws: ``SchemaError`` with the findings of ``check()`` when there are any; errors of the file system.
    public func release() throws -> [String] {
        let findings = check()
        guard findings.isEmpty else { throw SchemaError(findings) }
        var lock = try ReleaseLock(in: files)
        let added = lock.add(registry.documents)
        if !added.isEmpty { try files.write(lock.bytes, to: ReleaseLock.path) }
        return added
    }
}
