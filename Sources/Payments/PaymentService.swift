public import Commerce
public import EventSourcing

/// Moves an order's money: asks the provider, and records what it did.
///
/// Limits are checked before money moves, and every method may be called again after any failure: what was done is not
/// done again, and what was not taken down is taken down then. A refund, of which an order may have many, is on record
/// before the provider is asked; of what happens once for an order the provider comes first and the record second. A
/// business "no" is thrown as ``Payment/Refusal``.
public struct PaymentService: Sendable {
    let provider: any PaymentProvider
    private let commands: any CommandPort

    public init(provider: any PaymentProvider, commands: any CommandPort) {
        self.provider = provider
        self.commands = commands
    }

    /// Sets `amount`, which is more than zero, aside on the customer's card.
    ///
    /// - Throws: ``Payment/Refusal/paymentDeclined(code:reason:)``, also when called again; ``Payment/Refusal/voided``
    ///   when the order was undone meanwhile, and then nothing stays set aside.
    @discardableResult
    public func authorise(
        _ order: OrderID, _ amount: Money, cardToken: String, _ context: CommandContext
    ) async throws -> CommandReceipt {
        do {
            return try await authoriseOrRecall(order, amount, cardToken, context)
        } catch let refusal as Payment.Refusal where refusal == .voided {
            // Whoever voided it may have been faster than the authorisation, which nobody else would give up now.
            try await giveUpAuthorisation(order, context)
            throw refusal
        }
    }

    /// Collects `amount` of what was set aside, once; the rest is given up.
    @discardableResult
    public func capture(_ order: OrderID, _ amount: Money, _ context: CommandContext) async throws -> CommandReceipt {
        let (payment, revision) = try await load(order)
        guard let authorisation = try payment.authorisationToCapture(amount) else { return alreadySo(revision) }
        let call = ProviderCall(order: order, key: .capture(of: order))
        let id = try approved(try await provider.capture(amount, of: authorisation.authorisationID, call))
        return try await record(
            .captured(PaymentCaptured(orderID: order, amount: amount, captureID: id)), order, context)
    }

    /// Gives up what was set aside; accepts that nothing was, and that nobody knows.
    ///
    /// - Throws: ``Payment/Refusal/alreadyCaptured``.
    @discardableResult
    public func void(_ order: OrderID, reason: String, _ context: CommandContext) async throws -> CommandReceipt {
        let (payment, revision) = try await load(order)
        let voided = PaymentEvent.voided(PaymentVoided(orderID: order, reason: reason))
        switch payment.status {
        case .captured: throw Payment.Refusal.alreadyCaptured
        case .declined: return alreadySo(revision)
        case .authorised:
            try await giveUpAuthorisation(order, context)
            return try await record(voided, order, context)
        case .new, .voided:
            // An authorisation may be under way. Once the void is on record no authorisation can be, so whatever comes
            // to be set aside is given up here, or by the authorising call when it finds itself too late.
            let receipt = try await record(voided, order, context)
            try await giveUpAuthorisation(order, context)
            return receipt
        }
    }
}

extension PaymentService {
    private func authoriseOrRecall(
        _ order: OrderID, _ amount: Money, _ cardToken: String, _ context: CommandContext
    ) async throws -> CommandReceipt {
        let (payment, revision) = try await load(order)
        guard try payment.needsAuthorisation(amount) else { return alreadySo(revision) }
        let call = ProviderCall(order: order, key: .authorisation(of: order))
        switch try await provider.authorise(amount, cardToken: cardToken, call) {
        case .approved(let id):
            return try await record(
                .authorised(PaymentAuthorised(orderID: order, amount: amount, authorisationID: id)), order, context)
        case .declined(let decline):
            let declined = PaymentDeclined(
                orderID: order, amount: amount, code: decline.code, reason: decline.reason)
            try await record(.declined(declined), order, context)
            throw Payment.Refusal.paymentDeclined(code: decline.code, reason: decline.reason)
        }
    }

    private func giveUpAuthorisation(_ order: OrderID, _ context: CommandContext) async throws {
        let call = ProviderCall(order: order, key: .void(of: order, by: context.commandID))
        switch try await provider.void(authorisation: .authorisation(of: order), call) {
        case .voided, .neverHappened: return
        case .declined(let decline): throw Payment.Refusal(decline)
        }
    }

    func load(_ order: OrderID) async throws -> (state: Payment, revision: Revision?) {
        try await commands.state(of: order.rawValue, as: Payment.self)
    }

    /// Records what the provider has done, in a task of its own: also when whoever asked for it has gone.
    @discardableResult
    func record(
        _ event: PaymentEvent, _ order: OrderID, _ context: CommandContext
    ) async throws -> CommandReceipt {
        try await Task { try await execute(.record(event), order, .any, context) }.value
    }

    func execute(
        _ command: Payment.Command, _ order: OrderID, _ expected: ExpectedRevision, _ context: CommandContext
    ) async throws -> CommandReceipt {
        do {
            return try await commands.execute(
                command, on: order.rawValue, as: Payment.self, expecting: expected, context)
        } catch .refused(let refusal) {
            throw refusal
        } catch {
            throw error
        }
    }

    private func approved(_ outcome: ProviderOutcome) throws(Payment.Refusal) -> String {
        switch outcome {
        case .approved(let id): return id
        case .declined(let decline): throw Payment.Refusal(decline)
        }
    }

    func alreadySo(_ revision: Revision?) -> CommandReceipt {
        CommandReceipt(revision: revision, position: nil, isRepeat: false)
    }
}

extension Payment.Refusal {
    init(_ decline: ProviderDecline) {
        self = .refusedByProvider(code: decline.code, reason: decline.reason)
    }
}
