public import EventSourcing

/// One running instance of a saga: its state, and the event that started it.
public struct SagaInstance<S: Saga>: Sendable {
    public let key: String
    public let trigger: Recorded<S.Trigger>
    public internal(set) var state: SagaState
    /// The revision of the last event of the instance's stream: the fence against a second coordinator.
    public internal(set) var revision: Revision?
    /// What the commands of the current step follow from.
    var lastEventID: EventID

    init(key: String, trigger: Recorded<S.Trigger>) {
        self.key = key
        self.trigger = trigger
        lastEventID = trigger.event.id
        state = SagaState()
    }
}

/// The streams of sagas.
public enum SagaStream {
    public static let category: StreamCategory = "saga"

    public static func name(_ saga: SagaName, key: String) -> StreamName {
        category.stream("\(saga):\(key)")
    }
}
