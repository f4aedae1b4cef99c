public import Commerce

/// Moves money: a card processor outside.
///
/// Every call carries a key. Repeating a call under its key does it once and answers as the first call did, so a call
/// whose answer was lost is simply made again. A business "no" is an answer; what is thrown is a technical failure,
/// after which the outcome is unknown until the call is repeated.
///
/// The provider is the authority on what was moved: it captures an authorisation at most once, and never refunds more
/// than was captured, however many calls run at the same time.
public protocol PaymentProvider: Sendable {
    /// Sets an amount aside on a card.
    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome

    /// Collects all or part of what was set aside; the rest is given up.
    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome

    /// Gives up what was set aside.
    ///
    /// - Parameter authorisation: The key of the authorising call. Its outcome may be unknown, so it may never have
    ///   happened, and must not happen afterwards either.
    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome

    /// Gives back all or part of what was collected.
    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome
}

/// For which order a provider is called, and under which key.
public struct ProviderCall: Sendable, Hashable {
    /// The provider keeps it with what it did, so that its books can be compared with ours.
    public let order: OrderID
    public let key: ProviderKey

    public init(order: OrderID, key: ProviderKey) {
        self.order = order
        self.key = key
    }
}

/// What a provider answers.
public enum ProviderOutcome: Sendable, Hashable {
    /// Done; `id` is the provider's number for it.
    case approved(id: String)
    /// A business "no": nothing was moved.
    case declined(ProviderDecline)
}

/// What a provider answers to a void.
public enum VoidOutcome: Sendable, Hashable {
    /// Nothing is set aside any more.
    case voided
    /// Nothing was ever set aside, nor will be.
    case neverHappened
    /// It is too late, such as after a capture.
    case declined(ProviderDecline)
}

/// Why a provider says no.
public struct ProviderDecline: Sendable, Hashable {
    /// For programs: `insufficient_funds`.
    public let code: String
    /// For people.
    public let reason: String

    /// Takes a provider's words: at most 64 and 500 characters of them, because they go into history.
    public init(code: String, reason: String) {
        self.code = code.printable(atMost: 64)
        self.reason = reason.printable(atMost: 500)
    }
}

/// A technical failure of a provider.
public enum PaymentProviderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There was no answer in time; the provider may have done it.
    case timedOut
    /// The provider could not be reached, or failed.
    case unavailable
    /// The key was used before, for something else.
    case keyReused

    public var description: String {
        switch self {
        case .timedOut: "the payment provider did not answer in time, and may have acted: ask it again"
        case .unavailable: "the payment provider cannot be reached"
        case .keyReused: "the payment provider was asked for something else under this key before"
        }
    }
}
