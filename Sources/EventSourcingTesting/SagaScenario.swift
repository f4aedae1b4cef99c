public import EventSourcing
public import SagaEngine
public import Testing

/// A test of a saga: given these histories, when this event comes, then the saga ends so and leaves these events.
///
/// The saga runs for real, on an in-memory store; delays between attempts are left out. As when it runs, only events of
/// types that its ``Saga/Trigger`` says it can read start it.
public struct SagaScenario<S: Saga>: Sendable {
    private let saga: S
    private let store: InMemoryEventStore
    private let commands: CommandExecutor<InMemoryEventStore>

    /// A shop in which nothing has happened yet.
    ///
    /// - Parameter make: Builds the saga, around the commands that it may use.
    public init(_ make: (any CommandPort) -> S) {
        store = InMemoryEventStore()
        commands = CommandExecutor(store: store)
        saga = make(commands)
    }

    /// Lets `payloads` have happened in `stream`.
    public func given<Event: EventPayload>(_ events: Event..., in stream: StreamName) async throws -> SagaScenario {
        try await append(events, stream)
        return self
    }

    /// Lets `payload` happen in `stream`, and the saga run until it ends or waits for an operator.
    public func when(_ payload: some EventPayload, in stream: StreamName) async throws -> Outcome {
        let head = try await store.head()
        try await append([payload], stream)
        let trigger = try await store.readLog(after: head, .forwards, filter: .all, limit: 1).events[0]
        let runner = SagaRunner(saga, store: store, commands: commands)
        guard EventFilter.events(of: S.Trigger.self).matches(trigger) else {
            return Outcome(store: store, state: SagaState())
        }
        guard var instance = try await runner.start(try Recorded(trigger)) else {
            return Outcome(store: store, state: SagaState())
        }
        while case .retry = try await runner.run(&instance) {}
        return Outcome(store: store, state: instance.state)
    }

    private func append(_ payloads: [some EventPayload], _ stream: StreamName) async throws {
        let metadata = EventMetadata(correlationID: .make(), actor: "test")
        let events = try payloads.map { payload in try NewEvent(payload, metadata: metadata) }
        _ = try await store.append(events, to: stream, expecting: .any)
    }

    /// What the saga left behind.
    public struct Outcome: Sendable {
        private let store: InMemoryEventStore
        /// The instance in the end.
        public let state: SagaState

        init(store: InMemoryEventStore, state: SagaState) {
            self.store = store
            self.state = state
        }

        /// Expects the saga to stand so.
        public func thenPhase(_ expected: SagaState.Phase, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(state.phase == expected, "\(state)", sourceLocation: sourceLocation)
        }

        /// Expects `stream` to hold exactly these events.
        public func then<Event: EventPayload & Equatable>(
            _ expected: Event..., in stream: StreamName, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let events = try await store.readAll(stream).map { event in try event.decode(as: Event.self) }
            #expect(events == expected, sourceLocation: sourceLocation)
        }

        /// The state of an aggregate in the end.
        public func aggregate<A: Aggregate>(_: A.Type, _ id: String) async throws -> A {
            try await CommandExecutor(store: store).state(of: id, as: A.self).state
        }
    }
}
