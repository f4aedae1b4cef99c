public import Testing

/// Looks again and again until `condition` holds: for what happens a little later.
public func eventually(
    _ what: Comment = "it did not happen in time", within limit: Duration = .seconds(60),
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, what, sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(5), clock: .continuous)
    }
}
