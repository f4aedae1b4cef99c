public import EventSourcing
public import Hummingbird

/// What is known about a request besides the request.
public struct APIContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The business transaction that the request belongs to; also names it in the logs.
    public var correlationID = CorrelationID.make()

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
