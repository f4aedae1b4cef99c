/// A value that is built up from inputs, one at a time. The one shape behind aggregates, projections and sagas.
public protocol Fold<Input>: Sendable {
    associatedtype Input: Sendable

    /// The value before any input.
    init()

    /// Takes in one input. Never fails: what has happened cannot be refused.
    mutating func apply(_ input: Input)
}

extension Fold {
    /// The value after `inputs`, in order.
    public init(folding inputs: some Sequence<Input>) {
        self.init()
        for input in inputs { apply(input) }
    }
}
