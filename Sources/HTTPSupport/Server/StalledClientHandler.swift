internal import NIOCore

/// Closes a connection whose client does not take what is sent to it: a client that sends requests and reads no answers
/// would else keep its connection for ever.
///
/// Unchecked, because a handler belongs to one event loop.
final class StalledClientHandler: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = NIOAny

    private let patience: TimeAmount
    private var closing: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    /// - Parameter patience: How long a client may leave what waits for it.
    init(patience: TimeAmount) { self.patience = patience }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        if !context.channel.isWritable { watch(context.channel, waiting: context.channel.waitingBytes) }
        context.fireChannelWritabilityChanged()
    }

    /// - Parameter waiting: Bytes that wait for the client. One that takes some of them may be as slow as it likes.
    private func watch(_ channel: any Channel, waiting: Int?) {
        closing = channel.eventLoop.scheduleTask(in: patience) { [self] in
            guard let now = channel.waitingBytes, let waiting, now < waiting else {
                // From here on, past the handlers that would wait for the client.
                context?.close(promise: nil)
                return
            }
            watch(channel, waiting: now)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        closing?.cancel()
        self.context = nil
    }
}
