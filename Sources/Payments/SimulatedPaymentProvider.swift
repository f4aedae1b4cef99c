public import Commerce
internal import NIOConcurrencyHelpers

/// A payment provider without a bank behind it, for tests and demonstrations. The card token chooses what happens; see
/// ``SimulatedCard``.
///
/// The numbers it gives out follow from the calls' keys alone, so it goes on after a restart has wiped its memory:
/// numbers that it does not remember are taken on trust. It remembers everything it did, for ever.
public final class SimulatedPaymentProvider: PaymentProvider {
    private let bank = NIOLockedValueBox(SimulatedBank())

    public init() {}

    /// What it has done, to compare with our own books.
    public var ledger: ProviderLedger { bank.withLockedValue { $0.ledger } }

    public func authorise(
        _ amount: Money, cardToken: String, _ call: ProviderCall
    ) async throws -> ProviderOutcome {
        try bank.withLockedValue { bank in try bank.authorise(amount, SimulatedCard(token: cardToken), call) }
    }

    public func capture(
        _ amount: Money, of authorisationID: String, _ call: ProviderCall
    ) async throws -> ProviderOutcome {
        try bank.withLockedValue { bank in try bank.capture(amount, authorisationID, call) }
    }

    public func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        bank.withLockedValue { bank in bank.void(authorisation) }
    }

    public func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try bank.withLockedValue { bank in try bank.refund(amount, captureID, call) }
    }
}
