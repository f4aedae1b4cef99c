internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Closes a connection behind the answer that is the last on it, whatever its client still sends.
///
/// An answer is the last one when it says so, when its request does, when it is given before the request's body has
/// arrived (the rest would have to be read, however much that is and however long it takes), and when the request asks
/// for another protocol: the decoder takes whatever follows such a request for that protocol's, and would keep it all.
///
/// Unchecked, because a handler belongs to one event loop.
final class LastAnswerHandler: ChannelDuplexHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client may send nothing behind its last answer before the connection is cut off: one that is still
    /// sending its request reads the answer afterwards.
    private static let linger = TimeAmount.seconds(1)
    /// How long it may go on sending.
    private static let lingerMax = TimeAmount.seconds(10)

    /// Requests whose head has arrived, and whose answer is not written.
    private var unanswered = 0
    /// Whether the newest request's end has not arrived.
    private var isArriving = false
    /// Whether nothing follows the newest request.
    private var requestIsLast = false
    private var answerIsLast = false
    /// Whether what arrives is nobody's.
    private var isDeaf = false
    private var closing: Scheduled<Void>?
    private var closesAtLatest: NIODeadline?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if closing != nil { close(context.channel) }
        guard !isDeaf, takes(unwrapInboundIn(data)) else { return }
        context.fireChannelRead(data)
    }

    private func takes(_ part: HTTPRequestPart) -> Bool {
        switch part {
        case .head(let request):
            // A client that was told that the connection ends does not expect this to be carried out.
            isDeaf = answerIsLast
            guard !isDeaf else { return false }
            unanswered += 1
            isArriving = true
            requestIsLast = request.isLast
        case .body: break
        case .end:
            isArriving = false
            isDeaf = requestIsLast
        }
        return true
    }

    /// What is not read stays with the client, once there is no more room for it on its way.
    func read(context: ChannelHandlerContext) {
        guard !isDeaf else { return }
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var response) where response.status.kind != .informational:
            answerIsLast = answerIsLast || answersLastRequest || response.headerFields.endConnection
            if answerIsLast { response.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(response)), promise: promise)
        case .end:
            unanswered = max(0, unanswered - 1)
            guard answerIsLast else { return context.write(data, promise: promise) }
            let written = promise ?? context.eventLoop.makePromise(of: Void.self)
            written.futureResult.whenComplete { [self, channel = context.channel] _ in end(channel) }
            context.writeAndFlush(data, promise: written)
        default: context.write(data, promise: promise)
        }
    }

    /// Answers come in the order of their requests.
    private var answersLastRequest: Bool { unanswered == 1 && (isArriving || requestIsLast) }

    /// Half-closes the connection first: cutting it off while something arrives would take the answer from the client.
    private func end(_ channel: any Channel) {
        guard channel.isActive, closing == nil else { return }
        channel.close(mode: .output, promise: nil)
        closesAtLatest = .now() + Self.lingerMax
        close(channel)
    }

    /// Closes the connection a little later; what arrives meanwhile puts that off.
    private func close(_ channel: any Channel) {
        closing?.cancel()
        let deadline = min(NIODeadline.now() + Self.linger, closesAtLatest ?? .now())
        closing = channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { closing?.cancel() }
}

extension HTTPRequest {
    /// Whether nothing that follows on the connection is a request. A tunnel and another protocol are never granted.
    fileprivate var isLast: Bool {
        method == .connect || headerFields.contains(.upgrade) || headerFields.endConnection
    }
}

extension HTTPFields {
    /// Whether the sender wants the connection to end.
    fileprivate var endConnection: Bool {
        (self[.connection] ?? "").split(separator: ",").contains { option in
            option.filter { $0 != " " && $0 != "\t" }.lowercased() == "close"
        }
    }
}
