/// Decides commands into events, from a state that is folded from its earlier events.
public protocol Aggregate<Command, Event>: Fold where Input == Event {
    associatedtype Command: Sendable
    associatedtype Event: EventPayload
    /// A business "no": the reason why a command cannot be carried out.
    associatedtype Refusal: BusinessRefusal

    /// The category of this aggregate's streams; an instance's stream is `category-id`.
    static var category: StreamCategory { get }

    /// Decides `command`. Pure: the same state and command always give the same answer.
    ///
    /// - Returns: The events to record; none means that it is already so.
    func decide(_ command: Command) throws(Refusal) -> [Event]
}
