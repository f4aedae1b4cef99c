public import ServiceLifecycle

/// Runs `services` for as long as `body` takes.
public func withServices<R: Sendable>(
    _ services: [any Service], _ body: @Sendable () async throws -> R
) async throws -> R {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for service in services { group.addTask { try await service.run() } }
        defer { group.cancelAll() }
        return try await body()
    }
}
