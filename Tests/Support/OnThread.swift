internal import Foundation

/// Runs what blocks on a thread of its own: the threads that tasks run on are few, and a test that blocks one of them
/// holds up the others.
public func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}
