public import Commerce
public import EventSourcing

extension PaymentService {
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
            return try await askProvider(
                for: request, of: payment, settlingContext(of: request.requestID, order, context))
        // Recorded before: this finds it.
        case .refunded(let refunded)?:
            return try await record(.refunded(refunded), order, settlingContext(of: id, order, context))
        case .declined(let declined)?:
            throw Payment.Refusal.refusedByProvider(code: declined.code, reason: declined.reason)
        }
    }

    private func askProvider(
        for request: PaymentRefundRequested, of payment: Payment, _ context: CommandContext
    ) async throws -> CommandReceipt {
        guard case .captured(let capture, _) = payment.status else { throw Payment.Refusal.notCaptured }
        let (order, id) = (request.orderID, request.requestID)
        let call = ProviderCall(order: order, key: .refund(of: order, by: id))
        switch try await provider.refund(request.amount, of: capture.captureID, call) {
        case .approved(let refundID):
            let refunded = PaymentRefunded(
                orderID: order, requestID: id, amount: request.amount, refundID: refundID, reason: request.reason)
            return try await record(.refunded(refunded), order, context)
        case .declined(let decline):
            let declined = PaymentRefundDeclined(
                orderID: order, requestID: id, code: decline.code, reason: decline.reason)
            try await record(.refundDeclined(declined), order, context)
            throw Payment.Refusal(decline)
        }
    }

    /// The command that records how a refund ended: the same whoever settles it.
    private func settlingContext(of id: String, _ order: OrderID, _ context: CommandContext) -> CommandContext {
        var settling = context
        settling.causationID = context.causationID ?? CausationID(context.commandID)
        settling.commandID = .derived(from: "refund outcome", order.rawValue, id)
        settling.fingerprint = nil
        return settling
    }
}
