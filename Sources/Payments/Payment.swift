public import Commerce
public import EventSourcing

/// The money of one order. Its stream is `payment-<order id>`.
///
/// An order is paid with one card and captured once, so `authorised >= captured >= refunded`, and who wants to try
/// another card places another order. A refund is requested first and settled second: what is requested is held, so
/// that no two of them give back the same money.
public struct Payment: Aggregate, Hashable {
    public static let category: StreamCategory = "payment"

    /// Where a payment stands.
    public enum Status: Sendable, Hashable {
        /// Nothing is known to have happened. Leads to `authorised`, `declined`, `voided`.
        case new
        /// The provider said no. Terminal.
        case declined(PaymentDeclined)
        /// The amount is set aside on the card. Leads to `captured`, `voided`.
        case authorised(PaymentAuthorised)
        /// The amount is ours; parts of it may have been refunded. Terminal.
        case captured(PaymentCaptured, of: PaymentAuthorised)
        /// Given up before anything was captured, perhaps before anything was authorised. Terminal.
        case voided
    }

    /// Where a refund stands that was requested.
    public enum Refund: Sendable, Hashable {
        /// Its amount is held until the provider has answered. Leads to `refunded`, `declined`.
        case requested(PaymentRefundRequested)
        /// The amount was given back. Terminal.
        case refunded(PaymentRefunded)
        /// The provider said no, and nothing is held any more. Terminal.
        case declined(PaymentRefundDeclined)
    }

    public private(set) var status = Status.new
    /// Every refund that was requested, by its request's id.
    public private(set) var refunds: [String: Refund] = [:]
    /// The provider's numbers for refunds.
    private(set) var refundIDs: Set<String> = []
    private var refundedMinorUnits = 0
    private var requestedMinorUnits = 0

    public init() {}

    /// What is set aside on the card, or was until it was captured.
    public var authorised: Money? {
        switch status {
        case .authorised(let authorisation), .captured(_, let authorisation): authorisation.amount
        case .new, .declined, .voided: nil
        }
    }

    /// What was collected, before any refund.
    public var captured: Money? {
        guard case .captured(let capture, _) = status else { return nil }
        return capture.amount
    }

    /// What was given back of what was captured, `nil` when nothing was captured.
    public var refunded: Money? {
        captured.map { Money(minorUnits: refundedMinorUnits, currency: $0.currency) }
    }

    /// What can still be asked back, `nil` when nothing was captured: neither given back nor held for a refund.
    public var refundable: Money? {
        captured.map { captured in
            Money(
                minorUnits: captured.minorUnits &- refundedMinorUnits &- requestedMinorUnits,
                currency: captured.currency)
        }
    }

    /// The ids of the refunds that were requested and are not settled yet, in a fixed order.
    public var unsettledRefunds: [String] {
        refunds.compactMap { id, refund in
            if case .requested = refund { id } else { nil }
        }.sorted()
    }

    public mutating func apply(_ event: PaymentEvent) {
        switch (status, event) {
        case (_, .authorised(let authorised)): status = .authorised(authorised)
        case (_, .declined(let declined)): status = .declined(declined)
        case (.authorised(let authorised), .captured(let captured)): status = .captured(captured, of: authorised)
        case (_, .captured): break
        case (_, .voided): status = .voided
        // Sums wrap: `decide` keeps them below the capture, and no history may end the process.
        case (_, .refundRequested(let requested)):
            move(requested.requestID, to: .requested(requested))
            requestedMinorUnits &+= requested.amount.minorUnits
        case (_, .refunded(let refunded)):
            refundedMinorUnits &+= refunded.amount.minorUnits
            refundIDs.insert(refunded.refundID)
            // Before refunds were requested they had no request.
            if let id = refunded.requestID { move(id, to: .refunded(refunded)) }
        case (_, .refundDeclined(let declined)): move(declined.requestID, to: .declined(declined))
        }
    }

    /// Frees what was held for the refund, and notes where it stands now.
    private mutating func move(_ id: String, to refund: Refund) {
        if case .requested(let held)? = refunds[id] { requestedMinorUnits &-= held.amount.minorUnits }
        refunds[id] = refund
    }
}
