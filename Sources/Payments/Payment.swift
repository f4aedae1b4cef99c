public import Commerce
public import EventSourcing

/// The money of one order. Its stream is `payment-<order id>`.
///
/// An order is paid with one card and captured once, so `authorised >= captured >= refunded`, and who wants to try
/// another card places another order.
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

    public private(set) var status = Status.new
    private(set) var refundIDs: Set<String> = []
    private var refundedMinorUnits = 0

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

    /// What can still be given back, `nil` when nothing was captured.
    public var refundable: Money? {
        captured.map { Money(minorUnits: $0.minorUnits &- refundedMinorUnits, currency: $0.currency) }
    }

    public mutating func apply(_ event: PaymentEvent) {
        switch (status, event) {
        case (_, .authorised(let authorised)): status = .authorised(authorised)
        case (_, .declined(let declined)): status = .declined(declined)
        case (.authorised(let authorised), .captured(let captured)): status = .captured(captured, of: authorised)
        case (_, .captured): break
        case (_, .voided): status = .voided
        case (_, .refunded(let refunded)):
            // Wraps: `decide` keeps it below the capture, and no history may end the process.
            refundedMinorUnits &+= refunded.amount.minorUnits
            refundIDs.insert(refunded.refundID)
        }
    }
}
