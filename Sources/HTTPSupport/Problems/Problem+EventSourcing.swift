public import EventSourcing
internal import HTTPTypes

extension Problem {
    /// What a failure of the store means for a client.
    ///
    /// - Parameter isConditional: Whether the client has said what the stream must look like.
    public init(_ error: EventStoreError, isConditional: Bool = false) {
        switch error.code {
        case .conflict: self = isConditional ? .preconditionFailed(error.message) : .conflict(error.message)
        case .invalidAppend:
            self.init(
                .unprocessableContent, code: "invalidAppend", title: "The command cannot be recorded",
                detail: error.message)
        case .overloaded:
            self = .unavailable(
                code: "overloaded", "There is more to do than can be queued. Nothing was changed; try again later.",
                retryAfterSeconds: 1)
        case .tooManySubscriptions:
            self = .unavailable(code: "tooManySubscriptions", error.message)
        case .archived, .damagedArchive:
            self = .unavailable(
                code: error.code.description,
                """
                The events that were asked for are in an archive that this service cannot read. Tell its operator; sending \
                the request again does not help before that is mended.
                """, retryAfterSeconds: 60)
        case .incompatibleSchema:
            self = .unavailable(
                code: "incompatibleSchema", error.message, retryAfterSeconds: 60, cause: error.messageAndCause)
        case .closed:
            self = .unavailable(
                code: "closed", "The service is stopping. Nothing was changed; send the same request again.")
        case .invalidRead:
            self.init(
                .unprocessableContent, code: "invalidRead", title: "The read cannot be answered", detail: error.message)
        case .cancelled:
            self = .unavailable(
                code: "cancelled", "The request was given up while it waited. Nothing was changed; try again.",
                retryAfterSeconds: 1)
        default:
            self = .unavailable(
                "\(error.message) Sending the same request again is safe.", cause: error.messageAndCause)
        }
    }

    /// What became of a command, for a client.
    ///
    /// - Parameter refusal: The problem that a business "no" is.
    /// - Throws: An error that is not the client's to know.
    public init<Refusal>(
        _ error: CommandError<Refusal>, isConditional: Bool, refusal: (Refusal) -> Problem
    ) throws {
        switch error {
        case .refused(let reason): self = refusal(reason)
        case .contended:
            self = .unavailable(
                code: "contended", "Others were faster each time. Nothing was changed; try again.",
                retryAfterSeconds: 1)
        case .commandIDReused: self = .idempotencyKeyReused
        case .unreadable(let error): throw error
        case .store(let error) where error.isForOperators: throw error
        case .store(let error): self.init(error, isConditional: isConditional)
        }
    }
}

extension EventStoreError {
    /// Whether the message is for whoever runs the service, and tells a client nothing that it can act on.
    var isForOperators: Bool { code == .archived || code == .damagedArchive }

    /// The message tells a client nothing of where the database is; the cause does.
    fileprivate var messageAndCause: String { cause.map { "\(message) (\($0))" } ?? message }
}
