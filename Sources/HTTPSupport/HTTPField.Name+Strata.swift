public import HTTPTypes

/// The header fields of Strata's own.
extension HTTPField.Name {
    /// Of a write: the log position of what it recorded. Of a read: the position that must be in the answer.
    public static let strataPosition = HTTPField.Name("Strata-Position")!
    /// Names the whole business transaction: a UUID, made when the client sends none.
    public static let strataCorrelation = HTTPField.Name("Strata-Correlation")!
    /// Why somebody does something, in their words; it goes into history.
    public static let strataReason = HTTPField.Name("Strata-Reason")!
    /// Who does something, where nobody has to prove it.
    public static let strataActor = HTTPField.Name("Strata-Actor")!
    /// The client's own name for a command (IETF draft-ietf-httpapi-idempotency-key-header).
    public static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    /// `true` when a command had been carried out before, and nothing was recorded now.
    public static let idempotentReplayed = HTTPField.Name("Idempotent-Replayed")!
}
