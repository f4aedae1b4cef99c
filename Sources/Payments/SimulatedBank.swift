internal import Commerce

/// What the simulated provider decides, as a plain value.
struct SimulatedBank {
    private enum Request: Hashable {
        case authorise(OrderID, Money, SimulatedCard)
        case capture(OrderID, Money, authorisationID: String)
        case refund(OrderID, Money, captureID: String)
    }

    private(set) var ledger = ProviderLedger()
    private var answers: [ProviderKey: (request: Request, outcome: ProviderOutcome)] = [:]
    private var failedOnce: Set<ProviderKey> = []
    /// Authorisations that were given up before they were made.
    private var voidedEarly: Set<String> = []

    mutating func authorise(
        _ amount: Money, _ card: SimulatedCard, _ call: ProviderCall
    ) throws(PaymentProviderError) -> ProviderOutcome {
        if card == .failsThenSucceeds, failedOnce.insert(call.key).inserted { throw .unavailable }
        let outcome = try once(.authorise(call.order, amount, card), call.key) { bank in
            if let decline = card.decline { return .declined(decline) }
            let id = authorisationID(call.key)
            guard !bank.voidedEarly.contains(id) else { return .declined(.voided) }
            bank.ledger.authorisations[id] = .init(order: call.order, amount: amount)
            return .approved(id: id)
        }
        if card == .timeout { throw .timedOut }
        return outcome
    }

    mutating func capture(
        _ amount: Money, _ authorisationID: String, _ call: ProviderCall
    ) throws(PaymentProviderError) -> ProviderOutcome {
        try once(.capture(call.order, amount, authorisationID: authorisationID), call.key) { bank in
            if let authorisation = bank.ledger.authorisations[authorisationID] {
                guard authorisation.state == .held else { return .declined(.notHeld) }
                guard amount.isWithin(authorisation.amount) else { return .declined(.tooMuch) }
                bank.ledger.authorisations[authorisationID]?.state = .captured
            }
            let id = "cap_\(call.key)"
            bank.ledger.captures[id] = .init(order: call.order, authorisationID: authorisationID, amount: amount)
            return .approved(id: id)
        }
    }

    mutating func refund(
        _ amount: Money, _ captureID: String, _ call: ProviderCall
    ) throws(PaymentProviderError) -> ProviderOutcome {
        try once(.refund(call.order, amount, captureID: captureID), call.key) { bank in
            if let capture = bank.ledger.captures[captureID] {
                let left = capture.amount.minorUnits - capture.refundedMinorUnits
                let limit = Money(minorUnits: left, currency: capture.amount.currency)
                guard amount.isWithin(limit) else { return .declined(.tooMuch) }
                bank.ledger.captures[captureID]?.refundedMinorUnits += amount.minorUnits
            }
            let id = "ref_\(call.key)"
            bank.ledger.refunds[id] = .init(order: call.order, captureID: captureID, amount: amount)
            return .approved(id: id)
        }
    }

    /// Needs no key of its own: giving up twice is the same as giving up once.
    mutating func void(_ authorisation: ProviderKey) -> VoidOutcome {
        let id = authorisationID(authorisation)
        switch ledger.authorisations[id]?.state {
        case nil:
            voidedEarly.insert(id)
            return .neverHappened
        case .held, .voided:
            ledger.authorisations[id]?.state = .voided
            return .voided
        case .captured: return .declined(.captured)
        }
    }

    /// Does `work` unless it was done under `key` before.
    private mutating func once(
        _ request: Request, _ key: ProviderKey, _ work: (inout SimulatedBank) -> ProviderOutcome
    ) throws(PaymentProviderError) -> ProviderOutcome {
        if let answer = answers[key] {
            guard answer.request == request else { throw .keyReused }
            return answer.outcome
        }
        let outcome = work(&self)
        answers[key] = (request, outcome)
        return outcome
    }
}

private func authorisationID(_ key: ProviderKey) -> String { "auth_\(key)" }

extension Money {
    fileprivate func isWithin(_ limit: Money) -> Bool {
        currency == limit.currency && minorUnits > 0 && minorUnits <= limit.minorUnits
    }
}

extension ProviderDecline {
    fileprivate static let voided = ProviderDecline(code: "voided", reason: "the authorisation was given up")
    fileprivate static let notHeld = ProviderDecline(code: "not_held", reason: "the authorisation holds nothing")
    fileprivate static let captured = ProviderDecline(code: "already_captured", reason: "the amount was captured")
    fileprivate static let tooMuch = ProviderDecline(code: "amount_too_large", reason: "it is more than there is")
}
