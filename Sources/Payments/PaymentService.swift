public import Commerce
public import EventSourcing

/// Moves an order's money: asks the provider, and records what it did.
///
/// Limits are checked before money moves, and every method may be called again after any failure: what was done is not
/// done again, and what was not taken down is taken down then. A refund, of which an order may have many, is on record
/// before the provider is asked; of what happens once for an order the provider comes first and the record second. A
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
    /// The request is recorded first, which holds the amount and is the fence: what follows may be done by whoever
    /// comes again, or by ``settleRefund(_:of:_:)``.
    ///
    /// - Parameters:
    ///   - reason: 1 to 1,000 characters.
    ///   - expected: What the caller requires of the payment's stream.
    /// - Throws: ``Payment/Refusal/refusedByProvider(code:reason:)``, also when called again; ``RefundPending`` when the
    ///   request is recorded, and not how it ends.
    @discardableResult
    public func refund(
        _ order: OrderID, _ amount: Money, reason: String, expecting expected: ExpectedRevision = .any,
        _ context: CommandContext
    ) async throws -> CommandReceipt {
        let id = context.commandID.description
        let requested = try await execute(
            .requestRefund(id: id, amount, reason: reason), order, expected, context)
        let settled: CommandReceipt?
        do { settled = try await settle(id, of: order, context) } catch let refusal as Payment.Refusal {
            throw refusal
        } catch {
            throw RefundPending(cause: error)
        }
        // Before refunds were requested they were recorded under the command's own id, and need nothing more.
        guard let settled else { return requested }
        return CommandReceipt(
            revision: settled.revision, position: settled.position,
            isRepeat: requested.isRepeat && settled.isRepeat)
    }

    /// Sees the refund that was requested under `id` through to its end; accepts that it has come there.
    ///
    /// - Throws: ``Payment/Refusal/refusedByProvider(code:reason:)``, also when called again.
    @discardableResult
    public func settleRefund(
        _ id: String, of order: OrderID, _ context: CommandContext
    ) async throws -> CommandReceipt {
        if let settled = try await settle(id, of: order, context) { return settled }
        return alreadySo(try await load(order).revision)
    }

    /// Gives everything back: voids what is set aside, or refunds what is left of what was collected.
    ///
    /// - Parameter reason: 1 to 1,000 characters.
    @discardableResult
    public func giveBack(_ order: OrderID, reason: String, _ context: CommandContext) async throws -> CommandReceipt {
        do {
            return try await void(order, reason: reason, context)
        } catch let refusal as Payment.Refusal where refusal == .alreadyCaptured {
            return try await refundTheRest(order, reason: reason, context)
        }
    }
}

/// A refund is on record, and it is not known how it ends. Asking for it again, under the same command id, tells; it is
/// seen through by ``PaymentService/settleRefund(_:of:_:)`` in any case.
public struct RefundPending: Error, Sendable, CustomStringConvertible {
    public let cause: any Error
    public var description: String { "the refund is requested, and not settled yet: \(cause)" }
}

/// Refunds, once they are requested.
extension PaymentService {
    /// How often the rest is computed anew while others refund, too.
    private static var looksMax: Int { 10 }

    private func refundTheRest(
        _ order: OrderID, reason: String, _ context: CommandContext
    ) async throws -> CommandReceipt {
        for _ in 1...Self.looksMax {
            let (payment, revision) = try await load(order)
            let unsettled = payment.unsettledRefunds
            for id in unsettled { try await settleWhatever(id, of: order, context) }
            // What a refund held that was declined is free again.
            guard unsettled.isEmpty else { continue }
            guard let rest = payment.refundable, !rest.isZero else { return alreadySo(revision) }
            do {
                return try await refund(order, rest, reason: reason, givingBack(rest, of: payment, order, context))
            } catch let refusal as Payment.Refusal {
                // Somebody else has asked for a part of it meanwhile.
                guard case .exceedsCaptured = refusal else { throw refusal }
            }
        }
        throw CommandError<Payment.Refusal>.contended(attempts: Self.looksMax)
    }

    /// The same refund whoever asks for it, also in another epoch of a saga; and another one when the last was
    /// declined, whose cause may be gone.
    private func givingBack(
        _ rest: Money, of payment: Payment, _ order: OrderID, _ context: CommandContext
    ) -> CommandContext {
        var once = context
        // The first one is asked for under the id that it had before refunds were requested: the provider may have made
        // it then, and nobody have recorded it.
        once.commandID =
            payment.refunds.isEmpty
            ? .derived(from: "give back", order.rawValue, String(rest.minorUnits))
            : .derived(from: "give back again", order.rawValue, String(payment.refunds.count))
        once.fingerprint = nil
        return once
    }

    /// Settles a refund that somebody else has asked for, and who is told when it is declined.
    private func settleWhatever(_ id: String, of order: OrderID, _ context: CommandContext) async throws {
        do {
            try await settleRefund(id, of: order, context)
        } catch let refusal as Payment.Refusal {
            guard case .refusedByProvider = refusal else { throw refusal }
        }
    }

    /// - Returns: The receipt of what settled the refund; `nil` when none was requested under `id`.
    private func settle(
        _ id: String, of order: OrderID, _ context: CommandContext
    ) async throws -> CommandReceipt? {
        let payment = try await load(order).state
        switch payment.refunds[id] {
        case nil: return nil
        case .requested(let request)?:
            return try await settle(request, of: payment, outcome(of: request.requestID, order, context))
        // Recorded before: this finds it.
        case .refunded(let refunded)?:
            return try await record(.refunded(refunded), outcome(of: id, order, context))
        case .declined(let declined)?:
            throw Payment.Refusal.refusedByProvider(code: declined.code, reason: declined.reason)
        }
    }

    private func settle(
        _ request: PaymentRefundRequested, of payment: Payment, _ outcome: CommandContext
    ) async throws -> CommandReceipt {
        guard case .captured(let capture, _) = payment.status else { throw Payment.Refusal.notCaptured }
        let (order, id) = (request.orderID, request.requestID)
        let call = ProviderCall(order: order, key: .refund(of: order, by: id))
        switch try await provider.refund(request.amount, of: capture.captureID, call) {
        case .approved(let refundID):
            let refunded = PaymentRefunded(
                orderID: order, requestID: id, amount: request.amount, refundID: refundID, reason: request.reason)
            return try await record(.refunded(refunded), outcome)
        case .declined(let decline):
            let declined = PaymentRefundDeclined(
                orderID: order, requestID: id, code: decline.code, reason: decline.reason)
            try await record(.refundDeclined(declined), outcome)
            throw Payment.Refusal(decline)
        }
    }

    /// The command that records how a refund ended: the same whoever settles it.
    private func outcome(of id: String, _ order: OrderID, _ context: CommandContext) -> CommandContext {
        var outcome = context
        outcome.causationID = context.causationID ?? CausationID(context.commandID)
        outcome.commandID = .derived(from: "refund outcome", order.rawValue, id)
        outcome.fingerprint = nil
        return outcome
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

    private func load(_ order: OrderID) async throws -> (state: Payment, revision: Revision?) {
        try await commands.state(of: order.rawValue, as: Payment.self)
    }

    /// Records what the provider has done, in a task of its own: also when whoever asked for it has gone.
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
        case .refundDeclined(let event): event.orderID
        case .refundRequested(let event): event.orderID
        case .refunded(let event): event.orderID
        case .voided(let event): event.orderID
        }
    }
}
