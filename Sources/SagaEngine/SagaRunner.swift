public import EventSourcing

/// Takes instances of one saga from step to step: decides with ``SagaPlan``, does the step's work, records the outcome.
///
/// A step is recorded as intended before its work begins, so that after a crash whoever goes on knows what may have
/// happened.
public struct SagaRunner<S: Saga, Store: StreamStore>: Sendable {
    /// Why a run came to a halt.
    public enum Halt: Sendable, Hashable {
        /// Completed or compensated.
        case ended
        /// An attempt failed; go on after this delay.
        case retry(after: Duration)
        /// An operator has to decide.
        case quarantined
        /// Another coordinator works on this instance.
        case overtaken
    }

    private let saga: S
    /// Of the present version; most instances need no other.
    private let present: SagaDefinition<S.Trigger>
    private let store: Store
    private let commands: any CommandPort

    public init(_ saga: S, store: Store, commands: any CommandPort) {
        self.saga = saga
        self.store = store
        self.commands = commands
        present = SagaDefinition(version: S.version, steps: saga.steps)
    }

    /// Starts the instance that `trigger` asks for.
    ///
    /// - Returns: `nil` when the trigger starts none, or the instance was started before.
    public func start(_ trigger: Recorded<S.Trigger>) async throws -> SagaInstance<S>? {
        guard let key = S.key(startedBy: trigger) else { return nil }
        var instance = SagaInstance<S>(key: key, trigger: trigger)
        let started = SagaStarted(
            saga: S.name.rawValue, version: S.version, key: key,
            trigger: .init(
                log: trigger.event.log == .main ? nil : trigger.event.log.rawValue,
                position: Int(trigger.event.position.rawValue), eventID: trigger.event.id.description,
                correlationID: trigger.event.correlationID.description))
        let isOurs = try await record(present.plan.recording([.started(started)], instance.state), &instance)
        return isOurs ? instance : nil
    }

    /// Loads an instance that was started before, to go on with it.
    ///
    /// - Returns: `nil` when there is none.
    /// - Throws: ``SagaDefinitionError/unknownTrigger(_:saga:)`` when the event that started it is not where it was;
    ///   the instance then waits for an operator.
    public func load(key: String) async throws -> SagaInstance<S>? {
        let events = try await store.readAll(SagaStream.name(S.name, key: key))
        var state = SagaState()
        for event in events { state.apply(try event.decode(as: SagaEvent.self)) }
        guard let started = state.started, let last = events.last else { return nil }
        guard let event = try await event(at: started.trigger) else {
            let error = SagaDefinitionError.unknownTrigger(started.trigger.eventID, saga: S.name)
            try await quarantine(state, after: last, error)
            throw error
        }
        var instance = SagaInstance<S>(key: key, trigger: try Recorded(event))
        instance.state = state
        instance.revision = last.revision
        instance.lastEventID = last.id
        return instance
    }

    /// Makes an instance wait for an operator whose trigger is lost, if it does not yet. Nobody can skip that: without
    /// its trigger there is nothing to do the next step with.
    private func quarantine(
        _ state: SagaState, after last: RecordedEvent, _ error: SagaDefinitionError
    ) async throws {
        guard !state.hasEnded, state.quarantine == nil else { return }
        let step = state.current ?? state.intended.last ?? present.steps[0].name
        let event = SagaEvent.quarantined(SagaQuarantined(step: step, error: "\(error)", canBeSkipped: false))
        let metadata = EventMetadata(
            correlationID: last.correlationID, causationID: CausationID(last.id), actor: "saga:\(S.name)")
        let new = try NewEvent(event, metadata: metadata)
        do throws(EventStoreError) {
            _ = try await store.append([new], to: last.stream, expecting: .exact(last.revision))
        } catch {
            // Another coordinator has written to the stream, and sees the same.
            guard error.code == .conflict else { throw error }
        }
    }

    /// - Returns: `nil` when another event stands there, or none: the log was taken back to an earlier moment.
    private func event(at place: SagaStarted.Trigger) async throws -> RecordedEvent? {
        let name = place.log ?? LogName.main.rawValue
        guard let log = LogName(rawValue: name).flatMap({ store.log(named: $0) }) else {
            throw SagaDefinitionError.unknownLog(name, saga: S.name)
        }
        let before = Position(rawValue: Int64(place.position) - 1)
        let event = try await log.readLog(after: before, .forwards, filter: .all, limit: 1).events.first
        return event?.id.description == place.eventID ? event : nil
    }

    /// Works on an instance until it ends or cannot go on for now. Cancelling the task stops it between two steps, and
    /// in a step that can be cancelled; a step that is done is recorded all the same.
    public func run(_ instance: inout SagaInstance<S>) async throws -> Halt {
        let definition = try definition(of: instance)
        while true {
            try Task.checkCancellation()
            switch definition.plan.move(instance.state) {
            case .nothing: return .ended
            case .wait: return .quarantined
            case .record(let events):
                guard try await record(events, &instance) else { return .overtaken }
            case .perform(let step):
                if let halt = try await work(at: step, undoneFor: nil, &instance, definition) { return halt }
            case .undo(let step, let refusal):
                if let halt = try await work(at: step, undoneFor: refusal, &instance, definition) { return halt }
            }
        }
    }

    /// An instance keeps the version of the definition that it started with.
    private func definition(of instance: SagaInstance<S>) throws -> SagaDefinition<S.Trigger> {
        guard let version = instance.state.started?.version, version != present.version else { return present }
        guard let steps = saga.steps(ofVersion: version) else {
            throw SagaDefinitionError.unknownVersion(version, saga: S.name)
        }
        return SagaDefinition(version: version, steps: steps)
    }

    /// - Parameter refusal: What the step is undone for; `nil` when it is carried out.
    private func work(
        at step: String, undoneFor refusal: SagaRefusal?, _ instance: inout SagaInstance<S>,
        _ definition: SagaDefinition<S.Trigger>
    ) async throws -> Halt? {
        let plan = definition.plan
        let delay = SagaBackoff.delay(attempt: instance.state.failedAttempts + 1) * Double.random(in: 0.5...1)
        var halt: Halt?
        let events: [SagaEvent]
        do {
            try await perform(step, undoneFor: refusal, instance, definition)
            events = plan.succeeded(instance.state)
        } catch let refusal as SagaRefusal {
            events = plan.refused(instance.state, refusal.recordable)
        } catch let refusal as any BusinessRefusal {
            events = plan.refused(instance.state, SagaRefusal(refusal).recordable)
        } catch {
            // What a cancelled step fails with says nothing about it.
            try Task.checkCancellation()
            events = plan.failed(instance.state, error: "\(error)".recordable, delay: delay, now: .now)
            halt = .retry(after: delay)
        }
        guard try await record(events, &instance) else { return .overtaken }
        return instance.state.quarantine == nil ? halt : .quarantined
    }

    /// Waits for a step's work no longer than the step's limit, so that no instance hangs for ever.
    private func perform(
        _ name: String, undoneFor refusal: SagaRefusal?, _ instance: SagaInstance<S>,
        _ definition: SagaDefinition<S.Trigger>
    ) async throws {
        guard let step = definition.steps.first(where: { $0.name == name }) else {
            throw SagaDefinitionError.unknownStep(name, saga: S.name)
        }
        guard let work = refusal == nil ? step.action : step.undo else { return }
        let (trigger, context) = (instance.trigger, context(instance, name, undoneFor: refusal))
        try await withTimeLimit(step.timeLimit) { try await work(trigger, context) }
    }

    private func context(
        _ instance: SagaInstance<S>, _ step: String, undoneFor refusal: SagaRefusal?
    ) -> SagaStepContext {
        func id(epoch: Int) -> CommandID {
            .derived(from: S.name.rawValue, instance.key, step, refusal == nil ? "do" : "undo", String(epoch))
        }
        // An operator who resumes an instance does not know either whether the last attempt took effect. So what
        // follows repeats it under its id, the one of the first epoch.
        return SagaStepContext(
            command: CommandContext(
                commandID: id(epoch: 1), correlationID: instance.trigger.event.correlationID,
                causationID: CausationID(instance.lastEventID),
                actor: "saga:\(S.name)", reason: refusal?.reason),
            refusal: refusal, port: commands, freshCommandID: id(epoch: instance.state.epoch))
    }

    /// - Returns: Whether the events were recorded; `false` when another coordinator has written to the stream.
    private func record(_ events: [SagaEvent], _ instance: inout SagaInstance<S>) async throws -> Bool {
        guard !events.isEmpty else { return true }
        let metadata = EventMetadata(
            correlationID: instance.trigger.event.correlationID,
            causationID: CausationID(instance.trigger.event.id), actor: "saga:\(S.name)")
        let new = try events.map { event in try NewEvent(event, metadata: metadata) }
        do throws(EventStoreError) {
            let receipt = try await append(new, to: instance)
            instance.revision = receipt.streams[0].revision
            instance.lastEventID = new.last?.id ?? instance.lastEventID
        } catch {
            guard error.code == .conflict else { throw error }
            return false
        }
        for event in events { instance.state.apply(event) }
        return true
    }

    /// In a task of its own: what has happened is recorded, also when this one is cancelled.
    private func append(
        _ events: [NewEvent], to instance: SagaInstance<S>
    ) async throws(EventStoreError) -> AppendReceipt {
        let expected = ExpectedRevision(after: instance.revision)
        return try await Task { () async -> Result<AppendReceipt, EventStoreError> in
            do throws(EventStoreError) {
                return .success(
                    try await store.append(
                        events, to: SagaStream.name(S.name, key: instance.key), expecting: expected))
            } catch {
                return .failure(error)
            }
        }.value.get()
    }
}

/// A definition that does not fit the history of an instance.
public enum SagaDefinitionError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownStep(String, saga: SagaName)
    case unknownVersion(Int, saga: SagaName)
    case unknownLog(String, saga: SagaName)
    /// The event's id.
    case unknownTrigger(String, saga: SagaName)

    public var description: String {
        switch self {
        case .unknownStep(let step, let saga):
            "the saga \(saga) has no step '\(step)', which an instance intended: keep the steps of earlier versions"
        case .unknownVersion(let version, let saga):
            "the saga \(saga) does not know the steps of its version \(version), which an instance was started with"
        case .unknownLog(let log, let saga):
            "an instance of the saga \(saga) was started by an event in the log \(log), which this process does not have"
        case .unknownTrigger(let id, let saga):
            """
            an instance of the saga \(saga) was started by the event \(id), which is not where it was: its log was \
            taken back to an earlier moment
            """
        }
    }
}

/// What a step says when it fails goes into history and into the metadata of what undoes it, and must fit there.
extension String {
    fileprivate var recordable: String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(2_000))).storable
    }
}

extension SagaRefusal {
    fileprivate var recordable: SagaRefusal { SagaRefusal(code: code.recordable, reason: reason.recordable) }
}
