internal import NIOConcurrencyHelpers

/// Lets one command at a time work on a stream, in the order in which they came, so that commands of one process do
/// not run into each other's expected revisions.
final class StreamGate: Sendable {
    private let waiting = NIOLockedValueBox<[StreamName: [CheckedContinuation<Void, Never>]]>([:])

    func withTurn<Value, Failure: Error>(
        on stream: StreamName, _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await enter(stream)
        defer { leave(stream) }
        return try await body()
    }

    private func enter(_ stream: StreamName) async {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLockedValue { waiting in
                guard waiting[stream] != nil else {
                    waiting[stream] = []
                    return true
                }
                waiting[stream]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ stream: StreamName) {
        let next: CheckedContinuation<Void, Never>? = waiting.withLockedValue { waiting in
            guard var queue = waiting.removeValue(forKey: stream), !queue.isEmpty else { return nil }
            let next = queue.removeFirst()
            waiting[stream] = queue
            return next
        }
        next?.resume()
    }
}
