public import EventSourcing
public import Hummingbird
internal import NIOCore

/// What is known about a request besides the request.
public struct APIContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The business transaction that the request belongs to; also names it in the logs.
    public var correlationID = CorrelationID.make()
    let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
