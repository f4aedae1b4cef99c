import EventSourcing
import SagaEngine

let started = SagaEvent.started(
    SagaStarted(
        saga: "trip", version: 1, key: "1",
        trigger: .init(position: 1, eventID: "event", correlationID: "correlation")))
let completed = SagaEvent.completed(SagaCompleted())
let soldOut = SagaRefusal(code: "soldOut", reason: "everything is sold")

func intended(_ step: String, epoch: Int = 1) -> SagaEvent {
    .stepIntended(SagaStepIntended(step: step, epoch: epoch))
}

func done(_ step: String) -> SagaEvent { .stepCompleted(SagaStepCompleted(step: step)) }
func undone(_ step: String) -> SagaEvent { .stepUndone(SagaStepUndone(step: step)) }
func skipped(_ step: String) -> SagaEvent { .stepSkipped(SagaStepSkipped(step: step, reason: "done by hand")) }

func refused(_ step: String, _ refusal: SagaRefusal = soldOut) -> SagaEvent {
    .stepRefused(SagaStepRefused(step: step, reason: refusal.reason, code: refusal.code))
}

func failed(_ step: String, _ attempt: Int = 1) -> SagaEvent {
    .stepFailed(SagaStepFailed(step: step, attempt: attempt, error: "no answer", retryAt: "later"))
}

func quarantined(_ step: String, _ error: String = "no answer") -> SagaEvent {
    .quarantined(SagaQuarantined(step: step, error: error))
}

func compensated(_ refusal: SagaRefusal = soldOut) -> SagaEvent {
    .compensated(SagaCompensated(reason: refusal.reason, code: refusal.code))
}

let resumed = SagaEvent.resumed(SagaResumed(reason: "the bank is back"))

func state(_ history: [SagaEvent]) -> SagaState { SagaState(folding: history) }
