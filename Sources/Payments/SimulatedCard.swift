/// What a card of the simulated provider does when it is authorised.
public enum SimulatedCard: String, Sendable, CaseIterable {
    case approved = "tok_approve"
    case declined = "tok_decline"
    case insufficientFunds = "tok_insufficient_funds"
    /// The amount is set aside each time, and the answer is lost each time.
    case timeout = "tok_timeout"
    /// The first call under a key finds the provider unavailable; the next one is approved.
    case failsThenSucceeds = "tok_fail_then_succeed"
    /// Any other token.
    case invalid = "tok_invalid"

    public init(token: String) { self = SimulatedCard(rawValue: token) ?? .invalid }

    var decline: ProviderDecline? {
        switch self {
        case .approved, .timeout, .failsThenSucceeds: nil
        case .declined: ProviderDecline(code: "card_declined", reason: "the bank declined the card")
        case .insufficientFunds: ProviderDecline(code: "insufficient_funds", reason: "the card has not enough funds")
        case .invalid: ProviderDecline(code: "invalid_card", reason: "there is no such card")
        }
    }
}
