internal import EventSourcing
internal import NIOConcurrencyHelpers
internal import PostgresClient

/// Takes in what other processes hand to this one, for as long as it writes.
final class WriterLeadership: Sendable {
    private let lock: WriterLock
    private let listener: FrameListener
    private let greeting: Greeting
    private let patience: WriterPatience
    private struct Links {
        var open: [ObjectIdentifier: FrameSocket] = [:]
        var isEnded = false
    }
    private let links = NIOLockedValueBox(Links())

    /// Each has a thread of its own.
    private static let linksMax = 256

    /// - Parameter patience: That of those who hand over.
    init(
        _ lock: WriterLock, _ listener: FrameListener, _ greeting: Greeting,
        _ patience: WriterPatience = WriterPatience()
    ) {
        self.lock = lock
        self.listener = listener
        self.greeting = greeting
        self.patience = patience
    }

    /// - Parameter submit: Takes the appends of one group, and sees to it that each is answered once.
    func begin(submit: @escaping @Sendable ([AppendRequest]) -> Void) {
        let isListening = startThread(named: "strata-leader") { [self] in
            while let socket = listener.accept() { take(socket, submit) }
        }
        if !isListening { listener.shut() }
    }

    /// Whoever is not taken writes by itself for a while.
    private func take(_ socket: FrameSocket, _ submit: @escaping @Sendable ([AppendRequest]) -> Void) {
        guard add(socket) else { return socket.shut() }
        let isServed = startThread(named: "strata-link") { [self] in
            serve(socket, submit)
            remove(socket)
        }
        guard !isServed else { return }
        socket.shut()
        remove(socket)
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
            guard !links.isEnded, links.open.count < Self.linksMax else { return false }
            links.open[ObjectIdentifier(socket)] = socket
            return true
        }
    }

    private func remove(_ socket: FrameSocket) {
        links.withLockedValue { _ = $0.open.removeValue(forKey: ObjectIdentifier(socket)) }
    }

    private func serve(_ socket: FrameSocket, _ submit: @Sendable ([AppendRequest]) -> Void) {
        defer { socket.shut() }
        do {
            try socket.send(greeting.bytes)
            while true {
                let group = try HandedGroup(try socket.receive())
                // When this process stood still, whoever sent it may have given up, and looked in vain: it must not be
                // written behind their back. For the same reason it is not tried for longer than they wait.
                guard !socket.isAbandoned else { return }
                let deadline = ContinuousClock.now.advanced(by: patience.answering)
                let replies = HandedReplies(count: group.appends.count, socket)
                submit(
                    group.appends.enumerated().map { index, streams in
                        AppendRequest(streams, provided: [], deadline: deadline) { replies.set($0, at: index) }
                    })
            }
        } catch {
            // The other side has gone, or sends what nobody understands: it writes by itself from now on.
            return
        }
    }
}
