internal import NIOConcurrencyHelpers

/// A bounded number of places; who finds none waits, first come, first served.
final class Slots: Sendable {
    private struct State {
        var free: Int
        var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
        var lastTicket: UInt64 = 0
        /// Tickets that were given up before their owners came to wait.
        var givenUp: Set<UInt64> = []
    }

    private let state: NIOLockedValueBox<State>

    init(_ count: Int) {
        precondition(count > 0, "there is at least one place")
        state = NIOLockedValueBox(State(free: count))
    }

    func acquire() async { _ = await take(ticket: makeTicket()) }

    /// - Returns: `false`, without a place, when the task is cancelled before there is one.
    func acquireUnlessCancelled() async -> Bool {
        let ticket = makeTicket()
        defer { state.withLockedValue { _ = $0.givenUp.remove(ticket) } }
        return await withTaskCancellationHandler {
            await take(ticket: ticket)
        } onCancel: {
            giveUp(ticket)
        }
    }

    private func makeTicket() -> UInt64 {
        state.withLockedValue { state in
            state.lastTicket += 1
            return state.lastTicket
        }
    }

    private func take(ticket: UInt64) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLockedValue { state in
                if state.givenUp.contains(ticket) { return false }
                guard state.free > 0 else {
                    state.waiting.append((ticket, continuation))
                    return nil
                }
                state.free -= 1
                return true
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func giveUp(_ ticket: UInt64) {
        let continuation: CheckedContinuation<Bool, Never>? = state.withLockedValue { state in
            guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                state.givenUp.insert(ticket)
                return nil
            }
            return state.waiting.remove(at: index).continuation
        }
        continuation?.resume(returning: false)
    }

    func release() {
        let next: CheckedContinuation<Bool, Never>? = state.withLockedValue { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
