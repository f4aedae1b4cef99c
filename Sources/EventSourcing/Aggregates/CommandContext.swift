/// Who asks for a command, why, and on behalf of what.
public struct CommandContext: Sendable, Hashable {
    /// A command with this id is carried out once in each stream.
    public var commandID: CommandID
    public var correlationID: CorrelationID
    public var causationID: CausationID?
    public var actor: String
    public var reason: String?
    /// A short hash of the request, so that another request under the same command id is noticed.
    public var fingerprint: String?
    public var traceContext: String?

    public init(
        commandID: CommandID = .make(), correlationID: CorrelationID = .make(), causationID: CausationID? = nil,
        actor: String, reason: String? = nil, fingerprint: String? = nil, traceContext: String? = nil
    ) {
        self.commandID = commandID
        self.correlationID = correlationID
        self.causationID = causationID
        self.actor = actor
        self.reason = reason
        self.fingerprint = fingerprint
        self.traceContext = traceContext
    }

    var metadata: EventMetadata {
        EventMetadata(
            correlationID: correlationID, causationID: causationID ?? CausationID(commandID), commandID: commandID,
            commandFingerprint: fingerprint, actor: actor, reason: reason, traceContext: traceContext)
    }
}
