internal import NIOConcurrencyHelpers

/// Does `work`, and waits for it no longer than `limit`.
///
/// After that its task is cancelled and left alone: it may hang for ever, or end late and have its effect then. When
/// the caller is cancelled, so is the work, and it is still waited for, within the limit.
///
/// - Throws: ``TimeLimitExceeded``, or what `work` throws.
package func withTimeLimit<Answer: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Answer
) async throws -> Answer {
    let answer = FirstAnswer<Answer>()
    // No child tasks: those would be waited for.
    let attempt = Task {
        do {
            answer.give(.success(try await work()))
        } catch {
            answer.give(.failure(error))
        }
    }
    let timer = Task {
        do { try await Task.sleep(for: limit, clock: .continuous) } catch { return }
        answer.give(.failure(TimeLimitExceeded(limit: limit)))
        attempt.cancel()
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
        try await answer.value()
    } onCancel: {
        attempt.cancel()
    }
}

/// Work has not come to its end in time. It may still.
package struct TimeLimitExceeded: Error, Sendable, Hashable, CustomStringConvertible {
    package let limit: Duration

    package var description: String { "it did not end within \(limit), and may have acted" }
}

/// The first of several answers, for the one who waits for it.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private enum State: Sendable {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case given(Result<Value, any Error>)
        case taken
    }

    private let state = NIOLockedValueBox(State.open)

    func give(_ answer: Result<Value, any Error>) {
        let waiting: CheckedContinuation<Value, any Error>? = state.withLockedValue { state in
            switch state {
            case .open:
                state = .given(answer)
                return nil
            case .awaited(let continuation):
                state = .taken
                return continuation
            case .given, .taken: return nil
            }
        }
        waiting?.resume(with: answer)
    }

    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let answer: Result<Value, any Error>? = state.withLockedValue { state in
                guard case .given(let answer) = state else {
                    state = .awaited(continuation)
                    return nil
                }
                state = .taken
                return answer
            }
            if let answer { continuation.resume(with: answer) }
        }
    }
}
