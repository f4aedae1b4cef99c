/// An aggregate's state as of a revision, and the commands that led to it.
struct LoadedAggregate<A: Aggregate>: Sendable {
    /// What is remembered of a command that was carried out.
    struct CarriedOut: Sendable {
        var revision: Revision
        var position: LogPosition
        let fingerprint: String?
    }

    private(set) var state = A()
    private(set) var revision: Revision?
    private(set) var commands: [CommandID: CarriedOut] = [:]
    /// The events that a snapshot stands for, whose commands are not in ``commands``.
    let eventsBefore: Set<EventID>

    init() { eventsBefore = [] }

    init(state: A, revision: Revision, eventsBefore: Set<EventID>) {
        self.state = state
        self.eventsBefore = eventsBefore
        self.revision = revision
    }

    var expected: ExpectedRevision { revision.map(ExpectedRevision.exact) ?? .noStream }

    mutating func apply(_ events: [RecordedEvent]) throws(EventCodingError) {
        for event in events {
            state.apply(try event.decode(as: A.Event.self))
            revision = event.revision
            note(event.metadata.commandID, event.metadata.commandFingerprint, event.revision, event.logPosition)
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
        commands[id] = CarriedOut(revision: revision, position: position, fingerprint: fingerprint)
    }
}
