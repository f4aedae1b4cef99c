public import ServiceLifecycle

/// Runs `services` for as long as `body` takes, and stops them as a process does that is asked to stop.
public func withServices<R: Sendable>(
    _ services: [any Service], _ body: @Sendable () async throws -> R
) async throws -> R {
    let group = ServiceGroup(services: services, logger: quiet)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let result: Result<R, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try result.get()
    }
}
