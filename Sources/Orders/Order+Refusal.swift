public import EventSourcing

extension Order {
    /// Why an order cannot be changed so.
    public enum Refusal: BusinessRefusal, Hashable {
        case notPlaced
        case alreadyPlaced
        case orderNumberTaken
        case notConfirmed
        case alreadyConfirmed
        case alreadyShipped
        case cancelled
        case rejected
        case invalid(PlaceOrder.Flaw)
        case invalidReason
        case invalidShipment

        /// The name of the case; of an invalid order, the name of its flaw.
        public var code: String {
            switch self {
            case .notPlaced: "notPlaced"
            case .alreadyPlaced: "alreadyPlaced"
            case .orderNumberTaken: "orderNumberTaken"
            case .notConfirmed: "notConfirmed"
            case .alreadyConfirmed: "alreadyConfirmed"
            case .alreadyShipped: "alreadyShipped"
            case .cancelled: "cancelled"
            case .rejected: "rejected"
            case .invalid(let flaw): flaw.code
            case .invalidReason: "invalidReason"
            case .invalidShipment: "invalidShipment"
            }
        }

        public var description: String {
            switch self {
            case .notPlaced: "there is no such order"
            case .alreadyPlaced: "another order was placed under this id"
            case .orderNumberTaken: "another order has this number"
            case .notConfirmed: "the order is not confirmed yet"
            case .alreadyConfirmed: "the order is confirmed, and can only be cancelled"
            case .alreadyShipped: "the order is on its way"
            case .cancelled: "the order was cancelled"
            case .rejected: "the order was rejected"
            case .invalid(let flaw): flaw.description
            case .invalidReason: "a reason has 1 to 500 characters and no control characters"
            case .invalidShipment: "a carrier and a tracking number have 1 to 100 characters and no control characters"
            }
        }
    }
}
