internal import NIOCore

/// Closes a connection whose client does not take what is sent to it: a client that sends requests and reads no answers
/// would else keep its connection for ever.
///
/// Unchecked, because a handler belongs to one event loop.
final class StalledClientHandler: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = NIOAny

    private let patience: TimeAmount
    private var closing: Scheduled<Void>?

    /// - Parameter patience: How long a client may leave what waits for it.
    init(patience: TimeAmount) { self.patience = patience }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        if !context.channel.isWritable { watch(context.channel, waiting: Self.waiting(context.channel)) }
        context.fireChannelWritabilityChanged()
    }

    /// - Parameter waiting: Bytes that wait for the client. One that takes some of them may be as slow as it likes.
    private func watch(_ channel: any Channel, waiting: Int?) {
        closing = channel.eventLoop.scheduleTask(in: patience) { [self] in
            guard let now = Self.waiting(channel), let waiting, now < waiting else {
                return channel.close(promise: nil)
            }
            watch(channel, waiting: now)
        }
    }

    private static func waiting(_ channel: any Channel) -> Int? {
        (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? nil
    }

    func handlerRemoved(context: ChannelHandlerContext) { closing?.cancel() }
}
