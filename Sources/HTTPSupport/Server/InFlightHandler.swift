internal import NIOCore
internal import NIOHTTPTypes

/// Counts the requests that are under way: each from its head until the connection has taken its answer.
///
/// Unchecked, because a handler belongs to one event loop.
final class InFlightHandler: ChannelDuplexHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let metrics: AccessMetrics
    private var underWay = 0

    init(metrics: AccessMetrics) { self.metrics = metrics }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            underWay += 1
            metrics.begin()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { [self] _ in end(1) }
        context.write(data, promise: written)
    }

    /// A connection that is closed takes nothing more.
    func handlerRemoved(context: ChannelHandlerContext) { end(underWay) }

    /// There are answers to what was no request: they count for nothing.
    private func end(_ count: Int) {
        let count = min(count, underWay)
        underWay -= count
        for _ in 0..<count { metrics.end() }
    }
}
