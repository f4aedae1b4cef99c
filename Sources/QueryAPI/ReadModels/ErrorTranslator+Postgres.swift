internal import HTTPSupport
internal import PostgresClient

extension ErrorTranslator {
    /// The database's failures. What is a mistake in a statement is unexpected, and stays so.
    static let queries = ErrorTranslator { error in
        guard let error = error as? PostgresError else { return nil }
        var known = problem(error)
        // A request that its client has given up says nothing of the service.
        if error.code != .cancelled { known?.cause = error.description }
        return known
    }

    private static func problem(_ error: PostgresError) -> Problem? {
        switch error.code {
        case .connectionFailed, .connectionLost, .timedOut, .poolClosed, .cancelled:
            .unavailable("The database cannot be reached; try again.")
        case .poolExhausted:
            .unavailable(code: "overloaded", "There is more to do than can be queued; try again.", retryAfterSeconds: 1)
        case .server: problem(error.sqlState)
        default: nil
        }
    }

    private static func problem(_ state: SQLState?) -> Problem? {
        switch state {
        case .undefinedTable?, .invalidSchemaName?:
            .unavailable(code: "readModelMissing", "The read model is not there yet; try again.")
        case .queryCanceled?, .lockNotAvailable?:
            .unavailable(code: "overloaded", "The answer took too long; try again.", retryAfterSeconds: 1)
        case let state? where state.isTransient: .unavailable("The database cannot answer at the moment; try again.")
        default: nil
        }
    }
}
