public import EventSourcing
public import Testing

/// A test of a decision as a sentence: given what has happened anywhere, when this is decided, then this follows.
///
/// ```swift
/// DecisionScenario.given(CourseEvent.courseOffered("swift", places: 1), in: course)
///     .when(TakePlace(course: "swift", student: "ann"))
///     .then(.placeTaken(course: "swift", student: "ann"), in: ann)
/// ```
///
/// The decision is given only what its query finds, and the events go through their codec on the way.
public struct DecisionScenario: Sendable {
    private let history: [RecordedEvent]

    /// Nothing has happened yet.
    public static func givenNothing() -> DecisionScenario { DecisionScenario(history: []) }

    /// These events have happened, in this order, in `stream`.
    public static func given<Event: EventPayload>(
        _ events: Event..., in stream: StreamName
    ) throws -> DecisionScenario {
        try givenNothing().and(events, in: stream)
    }

    /// After that, these events have happened in `stream`.
    public func given<Event: EventPayload>(_ events: Event..., in stream: StreamName) throws -> DecisionScenario {
        try and(events, in: stream)
    }

    private func and(_ events: [some EventPayload], in stream: StreamName) throws -> DecisionScenario {
        var history = history
        var revision = Revision(rawValue: Int64(history.count { $0.stream == stream }))
        for event in events {
            let new = try NewEvent(event, metadata: EventMetadata(correlationID: .make(), actor: "test"))
            history.append(
                RecordedEvent(
                    new, position: Position(rawValue: Int64(history.count + 1)), stream: stream, revision: revision,
                    recordedAt: Timestamp(microsecondsSince1970: 0)))
            revision = revision.advanced(by: 1)
        }
        return DecisionScenario(history: history)
    }

    /// Lets `decision` take in what its query finds, and decide.
    ///
    /// - Throws: ``EventCodingError`` when its query finds an event that it cannot read.
    public func when<D: Decision>(_ decision: D) throws -> Outcome<D> where D.Event: Equatable {
        var decision = decision
        let query = decision.query
        for event in history where query.matches(type: event.type, tags: event.tags) {
            decision.apply(try Recorded(event))
        }
        do throws(D.Refusal) {
            return Outcome(result: .success(try decision.decide()))
        } catch {
            return Outcome(result: .failure(error))
        }
    }

    /// What was decided.
    public struct Outcome<D: Decision>: Sendable where D.Event: Equatable {
        let result: Result<[DecidedEvents<D.Event>], D.Refusal>

        /// Expects exactly these events, and all of them in `stream`.
        public func then(
            _ expected: D.Event..., in stream: StreamName, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            guard let decided = events(sourceLocation) else { return }
            #expect(decided.map(\.stream) == [stream], sourceLocation: sourceLocation)
            #expect(decided.flatMap(\.events) == expected, sourceLocation: sourceLocation)
            for event in decided.flatMap(\.events) { expectRoundTrip(event, sourceLocation) }
        }

        /// Expects exactly these events in these streams.
        public func then(_ expected: [DecidedEvents<D.Event>], sourceLocation: SourceLocation = #_sourceLocation) {
            guard let decided = events(sourceLocation) else { return }
            #expect(decided == expected, sourceLocation: sourceLocation)
            for event in decided.flatMap(\.events) { expectRoundTrip(event, sourceLocation) }
        }

        /// Expects that it is already so: no events and no refusal.
        public func thenNothing(sourceLocation: SourceLocation = #_sourceLocation) {
            guard let decided = events(sourceLocation) else { return }
            #expect(decided.flatMap(\.events) == [], sourceLocation: sourceLocation)
        }

        /// Expects this refusal.
        public func thenRefused(_ expected: D.Refusal, sourceLocation: SourceLocation = #_sourceLocation) {
            switch result {
            case .success(let decided):
                Issue.record(
                    "decided \(decided), and the refusal \(expected) was expected", sourceLocation: sourceLocation)
            case .failure(let refusal): #expect(refusal == expected, sourceLocation: sourceLocation)
            }
        }

        private func events(_ sourceLocation: SourceLocation) -> [DecidedEvents<D.Event>]? {
            switch result {
            case .success(let decided): return decided
            case .failure(let refusal):
                Issue.record("refused with \(refusal), and events were expected", sourceLocation: sourceLocation)
                return nil
            }
        }
    }
}
