internal import NIOConcurrencyHelpers

/// A task that sleeps until it is woken or its time is up, whichever is first.
package final class Waiter: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Void, Never>)
        case done
    }

    private let state = NIOLockedValueBox(State.new)

    package init() {}

    /// Waits for ``resume()``, for `timeout`, or for the task's cancellation.
    package func wait(atMost timeout: Duration) async {
        let timer = Task {
            try? await Task.sleep(for: timeout, clock: .continuous)
            resume()
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLockedValue { state in
                    if case .done = state { return true }
                    state = .waiting(continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            resume()
        }
    }

    package func resume() {
        let continuation: CheckedContinuation<Void, Never>? = state.withLockedValue { state in
            defer { state = .done }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        continuation?.resume()
    }
}
