internal import EventSourcing

/// The way to the process that writes for this one. Used by one thread at a time.
final class WriterLink: Sendable {
    private let socket: FrameSocket
    private let log: LogName

    init(_ socket: FrameSocket, log: LogName) {
        self.socket = socket
        self.log = log
    }

    /// So many answers have room in a socket, so that the other side need not wait to send them.
    private static let appendsMax = 5_000

    func close() { socket.shut() }

    /// Hands a group over, and waits for what became of it.
    ///
    /// - Returns: For each append its receipt, or `nil` when it was not written.
    /// - Throws: ``SocketError`` when that is not known.
    func write(_ requests: [AppendRequest]) throws(SocketError) -> [AppendReceipt?] {
        let group = HandedGroup(requests.map(\.streams)).bytes
        guard requests.count <= Self.appendsMax, group.count <= FrameSocket.frameBytesMax else {
            return requests.map { _ in nil }
        }
        try socket.send(group)
        let answers: [HandedAnswers.Answer]
        let frame = try socket.receive()
        do throws(MalformedFrame) { answers = try HandedAnswers(frame).answers } catch {
            throw SocketError(reason: "the process that writes has sent an answer that nobody understands")
        }
        guard answers.count == requests.count else { throw SocketError(reason: "answers are missing") }
        var receipts: [AppendReceipt?] = []
        for (request, answer) in zip(requests, answers) { receipts.append(try receipt(of: request, answer)) }
        return receipts
    }

    private func receipt(
        of request: AppendRequest, _ answer: HandedAnswers.Answer
    ) throws(SocketError) -> AppendReceipt? {
        switch answer {
        case .notWritten: return nil
        case .written(let isRepeat, let places) where places.count == request.streams.count:
            return AppendReceipt(
                log: log,
                streams: zip(request.streams, places).map {
                    .init(stream: $0.name, revision: $1.revision, position: $1.position)
                }, isRepeat: isRepeat)
        case .written, .unknown: throw SocketError(reason: "the process that writes does not know what became of it")
        }
    }
}
