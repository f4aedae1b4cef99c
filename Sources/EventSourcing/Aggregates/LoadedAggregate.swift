/// An aggregate's state as of a revision, and the commands that led to it.
struct LoadedAggregate<A: Aggregate>: Sendable {
    private(set) var state = A()
    private(set) var revision: Revision?
    private(set) var commands: KnownCommands

    init(_ stream: StreamName) { commands = KnownCommands(of: stream) }

    /// - Parameter eventsBefore: The events that a snapshot stands for, by which their commands are known; `nil` when
    ///   they are too many to name.
    init(_ stream: StreamName, state: A, revision: Revision, eventsBefore: Set<EventID>?) {
        self.state = state
        self.revision = revision
        commands = KnownCommands(of: stream, forgotten: eventsBefore)
    }

    var expected: ExpectedRevision { ExpectedRevision(after: revision) }

    mutating func apply(_ events: [RecordedEvent]) throws(EventCodingError) {
        for event in events {
            state.apply(try event.decode(as: A.Event.self))
            revision = event.revision
            let metadata = event.metadata
            note(metadata.commandID, metadata.commandFingerprint, event.revision, event.logPosition)
        }
    }

    /// Takes in events that were just recorded.
    mutating func apply(
        _ events: [A.Event], _ context: CommandContext, at recorded: AppendReceipt.Stream, in log: LogName
    ) {
        for event in events { state.apply(event) }
        revision = recorded.revision
        note(context.commandID, context.fingerprint, recorded.revision, LogPosition(log, recorded.position))
    }

    private mutating func note(_ id: CommandID?, _ fingerprint: String?, _ revision: Revision, _ position: LogPosition)
    {
        guard let id else { return }
        commands.note(id, .init(revision: revision, position: position, fingerprint: fingerprint))
    }
}
