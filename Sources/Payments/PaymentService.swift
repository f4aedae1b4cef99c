public import Commerce
public import EventSourcing

/// Moves an order's money: asks the provider, and takes down what it did.
///
/// Limits are checked before money moves. The provider comes first and the record second, and every method may be
/// called again after any failure: what was done is not done again, and what was not taken down is taken down then. A
/// business "no" is thrown as ``Payment/Refusal``.
public struct PaymentService: Sendable {
    private let provider: any PaymentProvider
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
        return try await record(.captured(PaymentCaptured(orderID: order, amount: amount, captureID: id)), context)
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
            return try await record(voided, context)
        case .new, .voided:
            // An authorisation may be under way. Once the void is on record no authorisation can be, so whatever comes
            // to be set aside is given up here, or by the authorising call when it finds itself too late.
            let receipt = try await record(voided, context)
            try await giveUpAuthorisation(order, context)
            return receipt
        }
    }

    /// Gives back `amount` of what was collected; another command id is another refund.
    ///
    /// - Parameters:
    ///   - reason: 1 to 1,000 characters.
    ///   - expected: What the caller requires of the payment's stream.
    @discardableResult
    public func refund(
        _ order: OrderID, _ amount: Money, reason: String, expecting expected: ExpectedRevision = .any,
        _ context: CommandContext
    ) async throws -> CommandReceipt {
        let prepared = try await execute(.prepareRefund(amount, reason: reason), order, expected, context)
        guard !prepared.isRepeat else { return prepared }
        // The limit is not checked anew: a twin of this very call may have used it up, and gets the same answer.
        guard case .captured(let capture, _) = try await load(order).payment.status else {
            throw Payment.Refusal.notCaptured
        }
        let call = ProviderCall(order: order, key: .refund(of: order, by: context.commandID))
        let id = try approved(try await provider.refund(amount, of: capture.captureID, call))
        let refunded = PaymentRefunded(orderID: order, amount: amount, refundID: id, reason: reason)
        return try await record(.refunded(refunded), context)
    }

    /// Gives everything back: voids what is set aside, or refunds what is left of what was collected.
    ///
    /// - Parameter reason: 1 to 1,000 characters.
    @discardableResult
    public func giveBack(_ order: OrderID, reason: String, _ context: CommandContext) async throws -> CommandReceipt {
        do {
            return try await void(order, reason: reason, context)
        } catch let refusal as Payment.Refusal where refusal == .alreadyCaptured {
            let (payment, revision) = try await load(order)
            guard let refundable = payment.refundable, !refundable.isZero else { return alreadySo(revision) }
            // The same refund to the provider whoever asks for it, also in another epoch of a saga: it may have been made
            // before, and not been taken down.
            var once = context
            once.commandID = .derived(from: "give back", order.rawValue, String(refundable.minorUnits))
            do {
                return try await refund(order, refundable, reason: reason, once)
            } catch let refusal as Payment.Refusal {
                // The provider says the same again under that key, though the cause may be gone. Nothing has moved under it.
                guard case .refusedByProvider = refusal else { throw refusal }
                return try await refund(order, refundable, reason: reason, context)
            }
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
                .authorised(PaymentAuthorised(orderID: order, amount: amount, authorisationID: id)), context)
        case .declined(let decline):
            let declined = PaymentDeclined(
                orderID: order, amount: amount, code: decline.code, reason: decline.reason)
            try await record(.declined(declined), context)
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

    private func load(_ order: OrderID) async throws -> (payment: Payment, revision: Revision?) {
        try await commands.state(of: order.rawValue, as: Payment.self)
    }

    /// Takes down what the provider has done, in a task of its own: also when whoever asked for it has gone.
    @discardableResult
    private func record(_ event: PaymentEvent, _ context: CommandContext) async throws -> CommandReceipt {
        try await Task { try await execute(.record(event), event.orderID, .any, context) }.value
    }

    private func execute(
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

    private func alreadySo(_ revision: Revision?) -> CommandReceipt {
        CommandReceipt(revision: revision, position: nil, isRepeat: false)
    }
}

extension Payment.Refusal {
    fileprivate init(_ decline: ProviderDecline) {
        self = .refusedByProvider(code: decline.code, reason: decline.reason)
    }
}

extension PaymentEvent {
    fileprivate var orderID: OrderID {
        switch self {
        case .authorised(let event): event.orderID
        case .captured(let event): event.orderID
        case .declined(let event): event.orderID
        case .refunded(let event): event.orderID
        case .voided(let event): event.orderID
        }
    }
}
