import Commerce
import EventSourcing
import Payments
import Testing

func refused(_ work: () async throws -> CommandReceipt) async throws -> Payment.Refusal {
    do {
        let receipt = try await work()
        throw NotRefused(receipt: receipt)
    } catch let refusal as Payment.Refusal {
        return refusal
    }
}

struct NotRefused: Error { let receipt: CommandReceipt }

/// Of a payment that is authorised and captured, and no more.
let paid = ExpectedRevision.exact(Revision(rawValue: 1))
let closedAccount = ProviderDecline(code: "account_closed", reason: "the account is closed")
let refundRefused = Payment.Refusal.refusedByProvider(
    code: closedAccount.code, reason: closedAccount.reason)

extension Shop {
    /// A process that dies when it has asked for a refund.
    func withLostAnswers() -> PaymentService { withLostAnswers(reaching: provider) }

    /// - Parameter reached: The provider that still hears of refunds, if one does.
    func withLostAnswers(reaching reached: SimulatedPaymentProvider?) -> PaymentService {
        with { amount, captureID, call in
            _ = try await reached?.refund(amount, of: captureID, call)
            throw PaymentProviderError.timedOut
        }
    }

    /// A provider that gives nothing back.
    func withDeclinedRefunds() -> PaymentService { with { _, _, _ in .declined(closedAccount) } }

    private func with(_ giveBack: @escaping OtherRefunds.GiveBack) -> PaymentService {
        PaymentService(
            provider: OtherRefunds(base: provider, giveBack: giveBack), commands: CommandExecutor(store: store))
    }
}

/// A provider that refunds in another way.
struct OtherRefunds: PaymentProvider {
    typealias GiveBack = @Sendable (Money, String, ProviderCall) async throws -> ProviderOutcome

    let base: SimulatedPaymentProvider
    let giveBack: GiveBack

    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await base.authorise(amount, cardToken: cardToken, call)
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await base.capture(amount, of: authorisationID, call)
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        try await base.void(authorisation: authorisation, call)
    }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        try await giveBack(amount, captureID, call)
    }
}

/// Commands to a store where something else happens before the first refund is requested.
struct InterruptedCommands: CommandPort {
    let commands: CommandExecutor<InMemoryEventStore>
    let turns = Turns()
    let meanwhile: @Sendable () async -> Void

    func execute<A: Aggregate>(
        _ command: A.Command, on id: String, as type: A.Type, expecting expected: ExpectedRevision,
        _ context: CommandContext
    ) async throws(CommandError<A.Refusal>) -> CommandReceipt {
        if case .requestRefund? = command as? Payment.Command, await turns.isFirst() { await meanwhile() }
        return try await commands.execute(command, on: id, as: type, expecting: expected, context)
    }

    func state<A: Aggregate>(
        of id: String, as type: A.Type
    ) async throws(CommandError<A.Refusal>) -> (state: A, revision: Revision?) {
        try await commands.state(of: id, as: type)
    }

    func execute<D: Decision>(
        _ decision: D, provided conditions: [AppendCondition], _ context: CommandContext
    ) async throws(CommandError<D.Refusal>) -> AppendReceipt {
        try await commands.execute(decision, provided: conditions, context)
    }
}

actor Turns {
    private var isTaken = false

    func isFirst() -> Bool {
        defer { isTaken = true }
        return !isTaken
    }
}

/// A provider that lets something else happen while it authorises, and knows nothing of voids that come too early.
actor SlowProvider: PaymentProvider {
    private(set) var isHolding = false
    private let meanwhile: @Sendable () async throws -> CommandReceipt

    init(meanwhile: @escaping @Sendable () async throws -> CommandReceipt) { self.meanwhile = meanwhile }

    func authorise(_ amount: Money, cardToken: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        _ = try await meanwhile()
        isHolding = true
        return .approved(id: "auth-1")
    }

    func capture(_ amount: Money, of authorisationID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        throw PaymentProviderError.unavailable
    }

    func void(authorisation: ProviderKey, _ call: ProviderCall) async throws -> VoidOutcome {
        defer { isHolding = false }
        return isHolding ? .voided : .neverHappened
    }

    func refund(_ amount: Money, of captureID: String, _ call: ProviderCall) async throws -> ProviderOutcome {
        throw PaymentProviderError.unavailable
    }
}
