public import Commerce
public import EventSourcing

extension Payment {
    /// Why money cannot be moved so.
    public enum Refusal: BusinessRefusal, Hashable {
        /// The provider does not authorise the payment.
        case paymentDeclined(code: String, reason: String)
        /// The provider does not capture, void or refund.
        case refusedByProvider(code: String, reason: String)
        case notAuthorised
        case alreadyAuthorised
        case exceedsAuthorised(Money)
        case notCaptured
        case alreadyCaptured
        case exceedsCaptured(refundable: Money)
        case voided
        case amountNotPositive
        case otherCurrency(Currency)
        case invalidReason

        public var code: String {
            switch self {
            case .paymentDeclined: "paymentDeclined"
            case .refusedByProvider: "refusedByProvider"
            case .notAuthorised: "notAuthorised"
            case .alreadyAuthorised: "alreadyAuthorised"
            case .exceedsAuthorised: "exceedsAuthorised"
            case .notCaptured: "notCaptured"
            case .alreadyCaptured: "alreadyCaptured"
            case .exceedsCaptured: "exceedsCaptured"
            case .voided: "voided"
            case .amountNotPositive: "amountNotPositive"
            case .otherCurrency: "otherCurrency"
            case .invalidReason: "invalidReason"
            }
        }

        public var description: String {
            switch self {
            case .paymentDeclined(let code, let reason): "the payment was declined: \(reason) (\(code))"
            case .refusedByProvider(let code, let reason): "the payment provider refused: \(reason) (\(code))"
            case .notAuthorised: "no payment was authorised for the order"
            case .alreadyAuthorised: "another payment was authorised for the order"
            case .exceedsAuthorised(let authorised): "only \(authorised) were authorised"
            case .notCaptured: "no payment was captured for the order"
            case .alreadyCaptured: "the order's payment was captured already"
            case .exceedsCaptured(let refundable): "only \(refundable) can be refunded"
            case .voided: "the order's payment was given up"
            case .amountNotPositive: "an amount of money that is moved is more than zero"
            case .otherCurrency(let currency): "the payment is in \(currency)"
            case .invalidReason: "a reason has 1 to 1000 characters and no control characters"
            }
        }
    }
}
