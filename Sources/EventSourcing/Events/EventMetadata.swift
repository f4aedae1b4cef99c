/// What is known about an event besides what happened: who, why, and what led to it.
public struct EventMetadata: Sendable, Hashable {
    /// The business transaction this event belongs to.
    public var correlationID: CorrelationID
    /// The message that led to this event.
    public var causationID: CausationID?
    /// The command that recorded this event.
    public var commandID: CommandID?
    /// A short hash of the request behind the command, to tell a repeat from another request under the same key.
    public var commandFingerprint: String?
    /// Who did it: a user, a service or a saga.
    public var actor: String
    /// Why, in the actor's words.
    public var reason: String?
    /// The W3C `traceparent` of the request.
    public var traceContext: String?

    public init(
        correlationID: CorrelationID, causationID: CausationID? = nil, commandID: CommandID? = nil,
        commandFingerprint: String? = nil, actor: String, reason: String? = nil, traceContext: String? = nil
    ) {
        self.correlationID = correlationID
        self.causationID = causationID
        self.commandID = commandID
        self.commandFingerprint = commandFingerprint
        self.actor = actor
        self.reason = reason
        self.traceContext = traceContext
    }
}
