internal import NIOConcurrencyHelpers

/// Lets one command at a time work on a stream, in the order in which they came, so that commands of one process do
/// not run into each other's expected revisions.
final class StreamGate: Sendable {
    private struct State {
        /// Who waits, by stream; a stream that somebody works on is there, too.
        var waiting: [StreamName: [CheckedContinuation<Bool, Never>]] = [:]
        var count = 0
    }

    private let state = NIOLockedValueBox(State())
    private let waitingMax: Int

    /// - Parameter waitingMax: How many commands wait for their turn at most, over all streams.
    init(waitingMax: Int) { self.waitingMax = waitingMax }

    func withTurn<Value, Refusal>(
        on stream: StreamName, _ body: () async throws(CommandError<Refusal>) -> Value
    ) async throws(CommandError<Refusal>) -> Value {
        guard await enter(stream) else {
            throw .store(
                EventStoreError(
                    .overloaded,
                    "\(waitingMax) commands wait for their turn, and no more do. Nothing was written; try again later.")
            )
        }
        defer { leave(stream) }
        return try await body()
    }

    /// - Returns: `false` when too many wait already.
    private func enter(_ stream: StreamName) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLockedValue { state in
                guard state.waiting[stream] != nil else {
                    state.waiting[stream] = []
                    return true
                }
                guard state.count < waitingMax else { return false }
                state.count += 1
                state.waiting[stream]?.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func leave(_ stream: StreamName) {
        let next: CheckedContinuation<Bool, Never>? = state.withLockedValue { state in
            guard var queue = state.waiting.removeValue(forKey: stream), !queue.isEmpty else { return nil }
            let next = queue.removeFirst()
            state.count -= 1
            state.waiting[stream] = queue
            return next
        }
        next?.resume(returning: true)
    }
}
