public import EventSourcing

/// How far an instance of a saga has come: a pure fold over the instance's own stream. Replaying it sends nothing.
public struct SagaState: Fold, Equatable {
    /// Where an instance stands.
    public enum Phase: Sendable, Hashable {
        case notStarted
        /// Carrying out its steps.
        case forward
        /// Undoing what it has intended, because a step was refused.
        case backward(SagaRefusal)
        /// Every step is done. Terminal.
        case completed
        /// Everything is undone. Terminal.
        case compensated(SagaRefusal)
    }

    public private(set) var phase = Phase.notStarted
    public private(set) var started: SagaStarted?
    /// Steps whose effects may exist, in the order in which they were intended.
    public private(set) var intended: [String] = []
    /// The step that is being carried out, while the saga goes forward.
    public private(set) var current: String?
    /// One more than how often an operator has resumed the instance; part of the ids of commands that are sent
    /// ``SagaStepContext/afresh``.
    public private(set) var epoch = 1
    /// How often in a row the current piece of work has failed.
    public private(set) var failedAttempts = 0
    /// Set while the instance waits for an operator.
    public private(set) var quarantine: SagaQuarantined?

    public init() {}

    /// Whether there is nothing left to do.
    public var hasEnded: Bool {
        switch phase {
        case .completed, .compensated: true
        case .notStarted, .forward, .backward: false
        }
    }

    public mutating func apply(_ event: SagaEvent) {
        switch event {
        case .started(let event):
            started = event
            phase = .forward
        case .stepIntended(let event):
            current = event.step
            intended.append(event.step)
            failedAttempts = 0
        case .stepCompleted:
            finishStep()
        case .stepRefused(let event):
            phase = .backward(SagaRefusal(code: event.code, reason: event.reason))
            finishStep()
        case .stepFailed:
            failedAttempts += 1
        case .stepUndone(let event):
            undo(event.step)
        case .stepSkipped(let event):
            if case .backward = phase { undo(event.step) } else { finishStep() }
            release()
        case .completed:
            phase = .completed
        case .compensated(let event):
            phase = .compensated(SagaRefusal(code: event.code, reason: event.reason))
        case .quarantined(let event):
            quarantine = event
        case .resumed:
            epoch += 1
            release()
        }
    }

    private mutating func finishStep() {
        current = nil
        failedAttempts = 0
    }

    private mutating func undo(_ step: String) {
        intended.removeAll { $0 == step }
        failedAttempts = 0
    }

    private mutating func release() {
        quarantine = nil
        failedAttempts = 0
    }
}
