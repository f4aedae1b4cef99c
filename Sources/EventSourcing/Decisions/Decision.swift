/// A decision that depends on events of many streams: on those that its ``query`` finds, and on no others.
///
/// An ``Aggregate`` decides from one stream. What must hold across streams (a number that is used once in the whole
/// shop, a course that takes 30 students who take 5 courses each) is decided here. The value is made for one question,
/// with the question's own details in it; it is folded over what the query finds and then decides. Its events are
/// appended on the condition that the query still finds nothing else, which the log checks under its lock.
///
/// Which events it depends on is said by their tags: see ``EventPayload/tags``.
public protocol Decision: Sendable {
    /// What the query finds, read so.
    associatedtype Input: ReadableEvent = Event
    /// What is recorded.
    associatedtype Event: EventPayload
    /// A business "no".
    associatedtype Refusal: BusinessRefusal

    /// The events that the decision depends on, at most 15 criteria. It does not change while they are folded in, and
    /// finds only what ``Input`` reads: name the types wherever other events may carry the same tags.
    var query: EventQuery { get }

    /// A stream that it records in. Where streams are spread over several logs it says which of them the decision is
    /// about: it depends on events of that one log, and records in that one log. `nil` will do where there is one log.
    var home: StreamName? { get }

    /// Takes in one event that the query finds. Never fails: what has happened cannot be refused.
    mutating func apply(_ recorded: Recorded<Input>)

    /// Decides. Pure: after the same events it always gives the same answer.
    ///
    /// - Returns: What to record in which streams, at most one entry for each; nothing means that it is already so.
    func decide() throws(Refusal) -> [DecidedEvents<Event>]
}

extension Decision {
    public var home: StreamName? { nil }
}

/// Events to record at the end of one stream.
public struct DecidedEvents<Event: EventPayload>: Sendable {
    public var stream: StreamName
    /// What the stream must look like, besides what the decision depends on.
    public var expected: ExpectedRevision
    public var events: [Event]

    /// - Parameter expected: Leave it out where the decision's query says all that matters.
    public init(_ events: Event..., to stream: StreamName, expecting expected: ExpectedRevision = .any) {
        self.init(events, to: stream, expecting: expected)
    }

    public init(_ events: [Event], to stream: StreamName, expecting expected: ExpectedRevision = .any) {
        self.stream = stream
        self.expected = expected
        self.events = events
    }
}

extension DecidedEvents: Equatable where Event: Equatable {}
