internal import EventSourcing
internal import NIOConcurrencyHelpers
internal import PostgresClient

/// Takes in what other processes hand to this one, for as long as it writes.
final class WriterLeadership: Sendable {
    private let lock: WriterLock
    private let listener: FrameListener
    private let greeting: Greeting
    private struct Links {
        var open: [ObjectIdentifier: FrameSocket] = [:]
        var isEnded = false
    }
    private let links = NIOLockedValueBox(Links())

    init(_ lock: WriterLock, _ listener: FrameListener, _ greeting: Greeting) {
        self.lock = lock
        self.listener = listener
        self.greeting = greeting
    }

    /// - Parameters:
    ///   - patience: How long an append may take.
    ///   - submit: Takes an append, and sees to it that it is answered once.
    func begin(patience: Duration, submit: @escaping @Sendable (AppendRequest) -> Void) {
        startThread(named: "strata-leader") { [self] in
            while let socket = listener.accept() {
                guard add(socket) else { return }
                startThread(named: "strata-link") { [self] in
                    serve(socket, patience, submit)
                    links.withLockedValue { _ = $0.open.removeValue(forKey: ObjectIdentifier(socket)) }
                }
            }
        }
    }

    /// Cuts all links: what was handed over and has no answer is looked up by those who wait for it.
    func end() {
        listener.shut()
        let open = links.withLockedValue { links in
            links.isEnded = true
            return links.open.values
        }
        for socket in open { socket.shut() }
        lock.release()
    }

    private func add(_ socket: FrameSocket) -> Bool {
        links.withLockedValue { links in
            if !links.isEnded { links.open[ObjectIdentifier(socket)] = socket }
            return !links.isEnded
        }
    }

    private func serve(
        _ socket: FrameSocket, _ patience: Duration, _ submit: @Sendable (AppendRequest) -> Void
    ) {
        defer { socket.shut() }
        do {
            try socket.send(greeting.bytes)
            while true {
                let group = try HandedGroup(try socket.receive())
                let deadline = ContinuousClock.now.advanced(by: patience)
                let replies = HandedReplies(count: group.appends.count, socket)
                for (index, streams) in group.appends.enumerated() {
                    submit(
                        AppendRequest(streams, provided: [], deadline: deadline) { replies.set($0, at: index) })
                }
            }
        } catch {
            // The other side has gone, or sends what nobody understands: it writes by itself from now on.
            return
        }
    }
}

/// Gathers the answers to a handed group, and sends them when all are there.
private final class HandedReplies: Sendable {
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
        // The writer's own thread must not wait for another process. One that waits for an answer has room for it.
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
