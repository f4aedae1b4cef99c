internal import EventSourcing
internal import NIOConcurrencyHelpers

/// Gathers the answers to a handed group, and sends them when all are there.
final class HandedReplies: Sendable {
    private struct State {
        var answers: [HandedAnswers.Answer]
        var missing: Int
    }

    private let state: NIOLockedValueBox<State>
    private let socket: FrameSocket

    init(count: Int, _ socket: FrameSocket) {
        state = NIOLockedValueBox(State(answers: Array(repeating: .unknown, count: count), missing: count))
        self.socket = socket
    }

    func set(_ result: Result<AppendReceipt, EventStoreError>, at index: Int) {
        let answers = state.withLockedValue { state -> [HandedAnswers.Answer]? in
            state.answers[index] = HandedAnswers.Answer(result)
            state.missing -= 1
            return state.missing == 0 ? state.answers : nil
        }
        guard let answers else { return }
        // The writer's own thread must not wait for another process. A process that waits for answers has socket room
        // for them.
        do throws(SocketError) { try socket.send(HandedAnswers(answers).bytes, waits: false) } catch { socket.shut() }
    }
}

extension HandedAnswers.Answer {
    fileprivate init(_ result: Result<AppendReceipt, EventStoreError>) {
        switch result {
        case .success(let receipt):
            self = .written(
                isRepeat: receipt.isRepeat,
                receipt.streams.map { .init(revision: $0.revision, position: $0.position) })
        case .failure(let error): self = error.code == .unavailable ? .unknown : .notWritten
        }
    }
}
