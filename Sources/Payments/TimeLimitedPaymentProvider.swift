public import Commerce
internal import EventSourcing

/// A provider that is waited for no longer than a limit. What it did is then unknown, as after any technical failure:
/// the same call is made again under its key, perhaps beside the earlier one.
public struct TimeLimitedPaymentProvider: PaymentProvider {
    private let provider: any PaymentProvider
    private let limit: Duration

    public init(_ provider: any PaymentProvider, limit: Duration = .seconds(20)) {
        self.provider = provider
        self.limit = limit
    }

    public func authorise(
        _ amount: Money, cardToken: String, _ call: ProviderCall
    ) async throws -> ProviderOutcome {
        try await inTime { provider in try await provider.authorise(amount, cardToken: cardToken, call) }
    }

    public func capture(
        _ amount: Money, of authorisationID: String, _ call: ProviderCall
    ) async throws -> ProviderOutcome {
        try await inTime { provider in try await provider.capture(amount, of: authorisationID, call) }
    }

    public func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        try await inTime { provider in try await provider.void(authorisation: authorisation, call) }
    }

    public func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await inTime { provider in try await provider.refund(amount, of: captureID, call) }
    }

    /// - Throws: ``PaymentProviderError/timedOut`` when there is no answer in time.
    private func inTime<Outcome: Sendable>(
        _ call: @escaping @Sendable (any PaymentProvider) async throws -> Outcome
    ) async throws -> Outcome {
        let provider = provider
        do {
            return try await withTimeLimit(limit) { try await call(provider) }
        } catch is TimeLimitExceeded {
            throw PaymentProviderError.timedOut
        }
    }
}
