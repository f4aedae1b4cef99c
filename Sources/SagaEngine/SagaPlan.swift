internal import EventSourcing

/// The steps of a saga without their work: enough to decide what comes next.
struct SagaPlan: Sendable {
    struct Step: Sendable, Hashable {
        let name: String
        let canBeSkipped: Bool
        let isRetriable: Bool
        let hasAction: Bool
        let canBeUndone: Bool
        let retryBudget: Duration

        init(
            name: String, canBeSkipped: Bool = true, isRetriable: Bool = false, hasAction: Bool = true,
            canBeUndone: Bool = true, retryBudget: Duration = .seconds(300)
        ) {
            self.name = name
            self.canBeSkipped = canBeSkipped
            self.isRetriable = isRetriable
            self.hasAction = hasAction
            self.canBeUndone = canBeUndone
            self.retryBudget = retryBudget
        }
    }

    /// What an instance is to do now.
    enum Move: Hashable {
        case perform(String)
        case undo(String, SagaRefusal)
        /// Write these events and look again: no work is needed to get there.
        case record([SagaEvent])
        /// Wait for an operator.
        case wait
        case nothing
    }

    let steps: [Step]

    init(steps: [Step]) {
        precondition(!steps.isEmpty, "a saga has at least one step")
        precondition(Set(steps.map(\.name)).count == steps.count, "the names of a saga's steps are unique")
        self.steps = steps
    }

    func move(_ state: SagaState) -> Move {
        guard state.quarantine == nil else { return .wait }
        switch state.phase {
        case .notStarted, .completed, .compensated: return .nothing
        case .forward:
            guard let current = state.current else { return .record(advance(state)) }
            let hasAction = steps.first { $0.name == current }?.hasAction ?? true
            return hasAction ? .perform(current) : .record([.stepCompleted(SagaStepCompleted(step: current))])
        case .backward(let refusal):
            guard let step = nextToUndo(state) else {
                return .record([.compensated(SagaCompensated(reason: refusal.reason, code: refusal.code))])
            }
            return .undo(step, refusal)
        }
    }

    /// What is recorded when the current work succeeded.
    func succeeded(_ state: SagaState) -> [SagaEvent] {
        switch move(state) {
        case .perform(let step): recording([.stepCompleted(SagaStepCompleted(step: step))], state)
        case .undo(let step, _): recording([.stepUndone(SagaStepUndone(step: step))], state)
        case .record, .wait, .nothing: []
        }
    }

    /// What is recorded when the business said no to the current work.
    ///
    /// A step that may be refused turns the saga round. One that may not, and an undo, are left to an operator.
    func refused(_ state: SagaState, _ refusal: SagaRefusal) -> [SagaEvent] {
        let error = "refused: \(refusal.reason)"
        switch move(state) {
        case .perform(let name):
            let step = steps.first(where: { $0.name == name })
            guard step?.isRetriable == false else {
                let canBeSkipped = step?.canBeSkipped ?? true
                return [
                    .quarantined(SagaQuarantined(step: name, error: error, canBeSkipped: canBeSkipped ? nil : false))
                ]
            }
            let event = SagaStepRefused(step: name, reason: refusal.reason, code: refusal.code)
            return recording([.stepRefused(event)], state)
        case .undo(let name, _): return [.quarantined(SagaQuarantined(step: name, error: error))]
        case .record, .wait, .nothing: return []
        }
    }

    /// What is recorded when the current work failed in a way that says nothing about its outcome.
    ///
    /// - Parameter delay: How long to wait before the next attempt.
    func failed(_ state: SagaState, error: String, delay: Duration, now: Timestamp) -> [SagaEvent] {
        let name: String
        let isUndone: Bool
        switch move(state) {
        case .perform(let current): (name, isUndone) = (current, false)
        case .undo(let current, _): (name, isUndone) = (current, true)
        case .record, .wait, .nothing: return []
        }
        let step = steps.first(where: { $0.name == name })
        guard SagaBackoff.total(attempts: state.failedAttempts + 1) <= step?.retryBudget ?? .zero else {
            let canBeSkipped = isUndone || step?.canBeSkipped ?? true
            return [
                .quarantined(SagaQuarantined(step: name, error: error, canBeSkipped: canBeSkipped ? nil : false))
            ]
        }
        return [
            .stepFailed(
                SagaStepFailed(
                    step: name, attempt: state.failedAttempts + 1, error: error,
                    retryAt: now.advanced(by: delay).description))
        ]
    }

    /// Adds what follows from `events` without any work: the next intention, or the end.
    func recording(_ events: [SagaEvent], _ state: SagaState) -> [SagaEvent] {
        var next = state
        for event in events { next.apply(event) }
        guard case .record(let more) = move(next) else { return events }
        return events + recording(more, next)
    }

    private func advance(_ state: SagaState) -> [SagaEvent] {
        guard let last = state.intended.last else { return intend(0, state) }
        guard let index = steps.firstIndex(where: { $0.name == last }) else {
            // To begin again at the first step would do everything a second time. To take the step as done does not
            // help: what comes after it is not known.
            let error = "the saga has no step '\(last)', which was intended last: keep the steps of earlier versions"
            return [.quarantined(SagaQuarantined(step: last, error: error, canBeSkipped: false))]
        }
        return intend(index + 1, state)
    }

    private func intend(_ index: Int, _ state: SagaState) -> [SagaEvent] {
        guard index < steps.count else { return [.completed(SagaCompleted())] }
        return [.stepIntended(SagaStepIntended(step: steps[index].name, epoch: state.epoch))]
    }

    /// A step that is not known may have an undo: its turn comes, fails, and calls for an operator.
    private func nextToUndo(_ state: SagaState) -> String? {
        state.intended.last { name in steps.first { $0.name == name }?.canBeUndone ?? true }
    }
}

/// Delays between attempts: 100 ms, doubled each time up to 30 s.
enum SagaBackoff {
    static func delay(attempt: Int) -> Duration {
        min(.milliseconds(100) * (1 << min(attempt - 1, 20)), .seconds(30))
    }

    /// The delays of so many attempts together: how much of a step's budget they take.
    static func total(attempts: Int) -> Duration {
        (1...max(1, attempts)).reduce(.zero) { $0 + delay(attempt: $1) }
    }
}
