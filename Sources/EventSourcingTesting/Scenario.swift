public import EventSourcing
public import Testing

/// A test of an aggregate as a sentence: given what has happened, when a command comes, then this follows.
///
/// ```swift
/// Scenario<Order>.given(.placed(…)).when(.ship(tracking: "T-1")).thenRefused(.notConfirmed)
/// ```
///
/// The events, those that have happened and those that are decided, go through their codec on the way, so a scenario
/// also shows that they can be stored, and that readers which go by their type's ``ReadableEvent/eventTypes`` get them.
public struct Scenario<A: Aggregate>: Sendable where A.Event: Equatable {
    private let history: [A.Event]

    /// Nothing has happened yet.
    public static func givenNothing() -> Scenario { Scenario(history: []) }

    /// These events have happened, in this order.
    public static func given(_ events: A.Event...) -> Scenario { Scenario(history: events) }

    /// These events have happened, in this order.
    public static func given(_ events: [A.Event]) -> Scenario { Scenario(history: events) }

    /// Lets the aggregate decide `command`.
    public func when(_ command: A.Command) -> Outcome {
        do throws(A.Refusal) {
            return Outcome(history: history, result: .success(try A(folding: history).decide(command)))
        } catch {
            return Outcome(history: history, result: .failure(error))
        }
    }

    /// What the aggregate decided.
    public struct Outcome: Sendable {
        let history: [A.Event]
        let result: Result<[A.Event], A.Refusal>

        /// Expects exactly these events.
        public func then(_ expected: A.Event..., sourceLocation: SourceLocation = #_sourceLocation) {
            expectHistoryIsStorable(sourceLocation)
            switch result {
            case .success(let events):
                #expect(events == expected, sourceLocation: sourceLocation)
                for event in events { expectRoundTrip(event, sourceLocation) }
            case .failure(let refusal):
                Issue.record("refused with \(refusal), and events were expected", sourceLocation: sourceLocation)
            }
        }

        /// Expects that it is already so: no events and no refusal.
        public func thenNothing(sourceLocation: SourceLocation = #_sourceLocation) {
            expectHistoryIsStorable(sourceLocation)
            switch result {
            case .success(let events): #expect(events.isEmpty, sourceLocation: sourceLocation)
            case .failure(let refusal):
                Issue.record("refused with \(refusal), and nothing was expected", sourceLocation: sourceLocation)
            }
        }

        /// Expects this refusal.
        public func thenRefused(_ expected: A.Refusal, sourceLocation: SourceLocation = #_sourceLocation) {
            expectHistoryIsStorable(sourceLocation)
            switch result {
            case .success(let events):
                Issue.record(
                    "decided \(events), and the refusal \(expected) was expected", sourceLocation: sourceLocation)
            case .failure(let refusal): #expect(refusal == expected, sourceLocation: sourceLocation)
            }
        }

        /// The state after what was decided.
        public var state: A { A(folding: history + ((try? result.get()) ?? [])) }

        private func expectHistoryIsStorable(_ sourceLocation: SourceLocation) {
            for event in history { expectRoundTrip(event, sourceLocation) }
        }
    }
}

/// Expects `event` to come back from its codec as it was, and to be delivered to those who follow events of its type.
func expectRoundTrip<Event: EventPayload & Equatable>(_ event: Event, _ sourceLocation: SourceLocation) {
    #expect(throws: Never.self, sourceLocation: sourceLocation) {
        var bytes: [UInt8] = []
        try event.encode(into: &bytes)
        let read = try Event(type: event.eventType, schemaVersion: event.schemaVersion, payload: bytes[...])
        #expect(read == event, "the event changes when it is stored", sourceLocation: sourceLocation)
    }
    if let types = Event.eventTypes, !types.contains(event.eventType) {
        Issue.record(
            "\(Event.self).eventTypes lacks '\(event.eventType)': no projection and no saga would ever be given it",
            sourceLocation: sourceLocation)
    }
}
