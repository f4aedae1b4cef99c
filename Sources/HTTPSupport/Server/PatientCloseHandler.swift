internal import NIOCore
internal import NIOHTTPTypes

/// Puts off the closing of a connection until it has taken the answers that are written to it.
///
/// For the framework a request is over once its answer is written, however much of that still waits for the client: it
/// would cut off a client that reads a long answer slowly when nothing else has happened on the connection for a while,
/// and when the server is asked to stop.
///
/// Unchecked, because a handler belongs to one event loop.
final class PatientCloseHandler: ChannelDuplexHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let patience: TimeAmount
    private let stopTimeout: TimeAmount
    private var context: ChannelHandlerContext?
    /// Answers that are written, and that the connection has not taken.
    private var unsent = 0
    /// Set while closing is put off.
    private var cuttingOff: Scheduled<Void>?
    /// Who waits for the connection to be closed.
    private var closed: [EventLoopPromise<Void>] = []
    /// Set once the server is asked to stop.
    private var stopsAtLatest: NIODeadline?

    /// - Parameters:
    ///   - patience: How long a client may leave what waits for it.
    ///   - stopTimeout: How long closing is put off at most once the server is asked to stop.
    init(patience: TimeAmount, stopTimeout: TimeAmount) {
        self.patience = patience
        self.stopTimeout = stopTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { stopsAtLatest = .now() + stopTimeout }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if cuttingOff != nil {
            // Whoever stops carries out nothing more.
            guard stopsAtLatest == nil else { return }
            // The connection is idle no longer. Whoever waits for its end wants it closed all the same.
            if case .head = unwrapInboundIn(data), closed.isEmpty { stopWatching() }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        unsent += 1
        written.futureResult.whenComplete { [self] _ in
            unsent -= 1
            if unsent == 0, cuttingOff != nil { close() }
        }
        context.write(data, promise: written)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, unsent > 0, context.channel.isActive else {
            return context.close(mode: mode, promise: promise)
        }
        if let promise { closed.append(promise) }
        stopWatching()
        watch(context.channel, waiting: context.channel.waitingBytes)
    }

    /// - Parameter waiting: Bytes that wait for the client. One that takes some of them may be as slow as it likes.
    private func watch(_ channel: any Channel, waiting: Int?) {
        let deadline = min(NIODeadline.now() + patience, stopsAtLatest ?? .distantFuture)
        cuttingOff = channel.eventLoop.scheduleTask(deadline: deadline) { [self] in
            let isLate = stopsAtLatest.map { $0 <= .now() } ?? false
            guard !isLate, let now = channel.waitingBytes, let waiting, now < waiting else { return close() }
            watch(channel, waiting: now)
        }
    }

    private func stopWatching() {
        cuttingOff?.cancel()
        cuttingOff = nil
    }

    /// Closes the connection, whatever it has taken. One that is closed already tells so when this handler is removed.
    private func close() {
        stopWatching()
        guard let context, context.channel.isActive else { return }
        let promise = context.eventLoop.makePromise(of: Void.self)
        for waiting in closed { promise.futureResult.cascade(to: waiting) }
        closed = []
        context.close(mode: .all, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopWatching()
        self.context = nil
        for waiting in closed { waiting.succeed(()) }
        closed = []
    }
}

extension Channel {
    /// Bytes that are written, and that the connection has not taken.
    var waitingBytes: Int? { (try? syncOptions?.getOption(.bufferedWritableBytes)) ?? nil }
}
