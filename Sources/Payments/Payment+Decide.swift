public import Commerce

extension Payment {
    /// What can be asked of a payment. Money itself is moved by ``PaymentService``.
    public enum Command: Sendable, Hashable {
        /// Records what the provider did.
        case record(PaymentEvent)
        /// Holds an amount that is to be given back, for a reason of 1 to 1,000 characters. `id` names the request; the
        /// same one changes nothing.
        case requestRefund(id: String, Money, reason: String)
    }

    public func decide(_ command: Command) throws(Refusal) -> [PaymentEvent] {
        switch command {
        case .record(let event): return try isNews(event) ? [event] : []
        case .requestRefund(let id, let amount, let reason):
            guard reason.isText(1...1_000) else { throw .invalidReason }
            guard case .captured(let capture, _) = status else { throw .notCaptured }
            let request = PaymentRefundRequested(
                orderID: capture.orderID, requestID: id, amount: amount, reason: reason)
            return try isNews(.refundRequested(request)) ? [.refundRequested(request)] : []
        }
    }

    private func isNews(_ event: PaymentEvent) throws(Refusal) -> Bool {
        switch (status, event) {
        case (.authorised(let known), .authorised(let event)), (.captured(_, let known), .authorised(let event)):
            guard known == event else { throw .alreadyAuthorised }
            return false
        case (_, .authorised(let event)):
            return try needsAuthorisation(event.amount)
        case (.captured(let known, _), .captured(let event)):
            guard known == event else { throw .alreadyCaptured }
            return false
        case (_, .captured(let event)):
            return try authorisationToCapture(event.amount) != nil
        case (_, .refundRequested(let event)):
            guard refunds[event.requestID] == nil else { return false }
            try checkRefund(event.amount)
            return true
        case (_, .refunded(let event)): return try isNews(event)
        case (_, .refundDeclined(let event)): return held(for: event.requestID) != nil
        case (.new, .declined), (.new, .voided), (.authorised, .voided): return true
        case (.declined, .declined), (.declined, .voided), (.voided, .voided): return false
        case (.authorised, .declined), (.captured, .declined): throw .alreadyAuthorised
        case (.captured, .voided): throw .alreadyCaptured
        case (.voided, .declined): throw .voided
        }
    }

    /// A refund that was requested is news while its amount is held, which is why the limit is not checked anew.
    private func isNews(_ event: PaymentRefunded) throws(Refusal) -> Bool {
        if let request = event.requestID { return held(for: request) == event.amount }
        guard !refundIDs.contains(event.refundID) else { return false }
        try checkRefund(event.amount)
        return true
    }

    /// What is held for a refund that is not settled.
    private func held(for request: String) -> Money? {
        guard case .requested(let event)? = refunds[request] else { return nil }
        return event.amount
    }
}

/// The limits, which are checked before money moves and again when it has.
extension Payment {
    /// - Returns: Whether the provider has to be asked; `false` when the amount is authorised already.
    func needsAuthorisation(_ amount: Money) throws(Refusal) -> Bool {
        switch status {
        case .new:
            guard amount.minorUnits > 0 else { throw .amountNotPositive }
            return true
        case .authorised(let known), .captured(_, let known):
            guard known.amount == amount else { throw .alreadyAuthorised }
            return false
        case .declined(let declined): throw .paymentDeclined(code: declined.code, reason: declined.reason)
        case .voided: throw .voided
        }
    }

    /// - Returns: What to capture from; `nil` when the amount is captured already.
    func authorisationToCapture(_ amount: Money) throws(Refusal) -> PaymentAuthorised? {
        switch status {
        case .authorised(let authorised):
            try check(amount, atMost: authorised.amount, else: .exceedsAuthorised(authorised.amount))
            return authorised
        case .captured(let known, _):
            guard known.amount == amount else { throw .alreadyCaptured }
            return nil
        case .new, .declined: throw .notAuthorised
        case .voided: throw .voided
        }
    }

    private func checkRefund(_ amount: Money) throws(Refusal) {
        guard let refundable else { throw .notCaptured }
        try check(amount, atMost: refundable, else: .exceedsCaptured(refundable: refundable))
    }

    private func check(_ amount: Money, atMost limit: Money, else refusal: Refusal) throws(Refusal) {
        guard amount.minorUnits > 0 else { throw .amountNotPositive }
        guard amount.currency == limit.currency else { throw .otherCurrency(limit.currency) }
        guard amount.minorUnits <= limit.minorUnits else { throw refusal }
    }
}
