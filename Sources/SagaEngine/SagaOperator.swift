public import EventSourcing

/// What an operator can do about an instance that waits for one.
public struct SagaOperator<Store: StreamStore>: Sendable {
    private let store: Store

    public init(store: Store) { self.store = store }

    /// Lets a quarantined instance try again, with fresh command ids.
    ///
    /// - Throws: ``SagaOperatorError``; nothing was changed.
    public func resume(_ saga: SagaName, key: String, actor: String, reason: String) async throws {
        try await record(.resumed(SagaResumed(reason: reason)), saga, key, actor, reason)
    }

    /// Takes the step that a quarantined instance is stuck at as done, or as undone when it is being undone.
    ///
    /// - Throws: ``SagaOperatorError``; nothing was changed.
    public func skipStep(_ saga: SagaName, key: String, actor: String, reason: String) async throws {
        let (state, _) = try await load(saga, key)
        guard let quarantine = state.quarantine else { throw SagaOperatorError.notQuarantined }
        let event = SagaStepSkipped(step: quarantine.step, reason: reason)
        try await record(.stepSkipped(event), saga, key, actor, reason)
    }

    private func load(_ saga: SagaName, _ key: String) async throws -> (SagaState, [RecordedEvent]) {
        let events = try await store.readAll(SagaStream.name(saga, key: key))
        guard !events.isEmpty else { throw SagaOperatorError.unknownInstance }
        var state = SagaState()
        for event in events { state.apply(try event.decode(as: SagaEvent.self)) }
        return (state, events)
    }

    private func record(
        _ event: SagaEvent, _ saga: SagaName, _ key: String, _ actor: String, _ reason: String
    ) async throws {
        let (state, events) = try await load(saga, key)
        guard state.quarantine != nil, let last = events.last else { throw SagaOperatorError.notQuarantined }
        let metadata = EventMetadata(
            correlationID: last.correlationID, causationID: CausationID(last.id), actor: actor, reason: reason)
        _ = try await store.append(
            [try NewEvent(event, metadata: metadata)], to: SagaStream.name(saga, key: key),
            expecting: .exact(last.revision))
    }
}

/// Why an operator's wish cannot be granted. Nothing was changed.
public enum SagaOperatorError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownInstance
    case notQuarantined

    public var description: String {
        switch self {
        case .unknownInstance: "there is no such saga instance"
        case .notQuarantined: "the saga instance does not wait for an operator: nothing needs to be done"
        }
    }
}
