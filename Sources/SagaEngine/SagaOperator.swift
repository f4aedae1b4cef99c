public import EventSourcing

/// What an operator can do about an instance that waits for one.
public struct SagaOperator<Store: StreamStore>: Sendable {
    private let store: Store

    public init(store: Store) { self.store = store }

    /// Lets a quarantined instance try again, under the same command ids: what was done already is not done twice.
    ///
    /// - Throws: ``SagaOperatorError``; nothing was changed. ``EventStoreError``; its code says whether anything was
    ///   written: after ``EventStoreError/Code/unavailable`` it may have been, and to ask once more tells; after
    ///   ``EventStoreError/Code/conflict`` somebody else was faster.
    public func resume(_ saga: SagaName, key: String, actor: String, reason: String) async throws {
        try await record(saga, key, actor, reason) { _ in .resumed(SagaResumed(reason: reason)) }
    }

    /// Takes the step that a quarantined instance is stuck at as done, or as undone when it is being undone.
    ///
    /// - Throws: ``SagaOperatorError``; nothing was changed. ``EventStoreError``; its code says whether anything was
    ///   written: after ``EventStoreError/Code/unavailable`` it may have been, and to ask once more tells; after
    ///   ``EventStoreError/Code/conflict`` somebody else was faster.
    public func skipStep(_ saga: SagaName, key: String, actor: String, reason: String) async throws {
        try await record(saga, key, actor, reason) { quarantine in
            guard quarantine.canBeSkipped ?? true else {
                throw SagaOperatorError.cannotBeSkipped(step: quarantine.step)
            }
            return .stepSkipped(SagaStepSkipped(step: quarantine.step, reason: reason))
        }
    }

    /// Records what follows from the quarantine that the instance is in, at the revision at which it was seen.
    private func record(
        _ saga: SagaName, _ key: String, _ actor: String, _ reason: String,
        _ decide: (SagaQuarantined) throws -> SagaEvent
    ) async throws {
        let stream = SagaStream.name(saga, key: key)
        let events = try await store.readAll(stream)
        guard let last = events.last else { throw SagaOperatorError.unknownInstance }
        var state = SagaState()
        for recorded in events { state.apply(try recorded.decode(as: SagaEvent.self)) }
        guard let quarantine = state.quarantine else { throw SagaOperatorError.notQuarantined }
        let event = try decide(quarantine)
        let metadata = EventMetadata(
            correlationID: last.correlationID, causationID: CausationID(last.id), actor: actor, reason: reason)
        _ = try await store.append(
            [try NewEvent(event, metadata: metadata)], to: stream, expecting: .exact(last.revision))
    }
}

/// Why an operator's wish cannot be granted. Nothing was changed.
public enum SagaOperatorError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownInstance
    case notQuarantined
    case cannotBeSkipped(step: String)

    public var description: String {
        switch self {
        case .unknownInstance: "there is no such saga instance"
        case .notQuarantined: "the saga instance does not wait for an operator: nothing needs to be done"
        case .cannotBeSkipped(let step):
            """
            the saga does not let its step '\(step)' be taken as done, for nobody else does it: remove the cause and \
            resume the instance
            """
        }
    }
}
