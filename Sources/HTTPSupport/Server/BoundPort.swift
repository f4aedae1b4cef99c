internal import NIOConcurrencyHelpers

/// The port that a server listens on, for whoever waits for it.
final class BoundPort: Sendable {
    private typealias Outcome = Result<Int, HTTPServerError>

    private struct State {
        var outcome: Outcome?
        var waiting: [Int: CheckedContinuation<Int, any Error>] = [:]
        var lastWaiter = 0
    }

    private let state = NIOLockedValueBox(State())

    func succeed(_ port: Int) { finish(.success(port)) }

    /// Does nothing to a port that is known already.
    func fail(_ error: HTTPServerError) { finish(.failure(error)) }

    private func finish(_ outcome: Outcome) {
        let waiting = state.withLockedValue { state in
            guard state.outcome == nil else { return [CheckedContinuation<Int, any Error>]() }
            state.outcome = outcome
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(with: outcome.mapError { $0 }) }
    }

    /// - Throws: ``HTTPServerError`` when the server does not come to listen; `CancellationError`.
    var value: Int {
        get async throws {
            let id = state.withLockedValue { state in
                state.lastWaiter += 1
                return state.lastWaiter
            }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in wait(id, continuation) }
            } onCancel: {
                state.withLockedValue { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
            }
        }
    }

    private func wait(_ id: Int, _ continuation: CheckedContinuation<Int, any Error>) {
        let outcome: Result<Int, any Error>? = state.withLockedValue { state in
            if let outcome = state.outcome { return outcome.mapError { $0 } }
            if Task.isCancelled { return .failure(CancellationError()) }
            state.waiting[id] = continuation
            return nil
        }
        if let outcome { continuation.resume(with: outcome) }
    }
}
