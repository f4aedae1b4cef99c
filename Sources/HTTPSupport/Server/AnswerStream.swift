internal import HTTPTypes
public import Hummingbird
internal import NIOCore
internal import ServiceLifecycle

/// An answer that is written piece by piece, without an end of its own.
///
/// A piece is taken when the connection has room for it, so whoever writes is as fast as its client reads. One task at
/// a time has it, the framework's writer included; only the compiler cannot see that.
public struct AnswerStream: @unchecked Sendable {
    fileprivate var writer: any ResponseBodyWriter
    fileprivate let pending: PendingWrite
    fileprivate let channel: any Channel
    fileprivate let patience: Duration
    /// When the connection has last taken a piece.
    public private(set) var lastWrite = ContinuousClock.now

    /// Whether the client is still there, and the server is to go on.
    public var isWanted: Bool { channel.isActive && !Task.isCancelled && !Task.isShuttingDownGracefully }

    /// Waits until the connection takes `bytes`.
    ///
    /// - Throws: An error when the client has gone, or has taken nothing for as long as patience lasts; the connection
    ///   is cut off then.
    @concurrent public mutating func write(_ bytes: [UInt8]) async throws {
        let deadline = Task { [channel, patience] in
            try await Task.sleep(for: patience, clock: .continuous)
            channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        pending.begin()
        defer { pending.end() }
        try await writer.write(ByteBuffer(bytes: bytes))
        lastWrite = .now
    }

    /// Says that nothing more comes.
    fileprivate func finish() async throws {
        pending.begin()
        defer { pending.end() }
        try await writer.finish(nil)
    }
}

extension APIRequest {
    /// An answer in ``answerType`` that `write` writes for as long as it is wanted.
    ///
    /// - Parameter patience: How long the client may take nothing of what is written for it.
    public func stream(
        patience: Duration, _ write: @escaping @Sendable (inout AnswerStream) async throws -> Void
    ) -> Response {
        let headers: HTTPFields = [
            .contentType: answerType.rawValue, .cacheControl: "no-store", HTTPField.Name("X-Accel-Buffering")!: "no",
        ]
        let body = ResponseBody { [request, channel] writer in
            let pending = PendingWrite()
            defer { pending.close() }
            try await withGracefulShutdownHandler {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    var stream = AnswerStream(
                        writer: writer, pending: pending, channel: channel, patience: patience)
                    try await write(&stream)
                    try await stream.finish()
                } onInboundClosed: {
                    channel.close(promise: nil)
                }
            } onGracefulShutdown: {
                Task { try await pending.watch(channel) }
            }
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
