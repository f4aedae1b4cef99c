internal import EventSourcing

/// The steps of one version of a saga, and the plan that is made of them.
struct SagaDefinition<Trigger: ReadableEvent>: Sendable {
    let version: Int
    let steps: [SagaStep<Trigger>]
    let plan: SagaPlan

    init(version: Int, steps: [SagaStep<Trigger>]) {
        self.version = version
        self.steps = steps
        plan = SagaPlan(
            steps: steps.map { step in
                .init(
                    name: step.name, canBeSkipped: step.canBeSkipped, isRetriable: step.kind == .retriable,
                    hasAction: step.action != nil, canBeUndone: step.undo != nil, retryBudget: step.retryBudget)
            })
    }
}
