internal import EventSourcing

/// Says what an error means for a client.
public struct ErrorTranslator: Sendable {
    private let translate: @Sendable (any Error) -> Problem?

    /// - Parameter translate: The problem behind an error that a module of its own knows; `nil` for others.
    public init(_ translate: @escaping @Sendable (any Error) -> Problem? = { _ in nil }) { self.translate = translate }

    /// - Returns: `nil` for an error that nobody expects.
    func problem(for error: any Error) -> Problem? {
        switch error {
        case let problem as Problem: problem
        case let error as EventStoreError: Problem(error)
        case is CancellationError: .unavailable("The service is stopping. Send the same request again.")
        default: translate(error)
        }
    }
}
