extension Result where Failure == any Error {
    /// What `body` returns or throws, to be looked at after some cleaning up.
    package init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
