public import EventSourcing

extension Stock {
    /// Why units cannot be moved so.
    public enum Refusal: BusinessRefusal, Hashable {
        case insufficientStock(available: Int)
        case belowReserved(reserved: Int)
        /// The order has this many units here, and another number was named.
        case differentQuantity(Int)
        case notReserved
        /// The order has given up or returned its units here, and gets no others.
        case released
        case alreadyCommitted
        case notCommitted
        case invalidQuantity
        case overfull
        case invalidReason

        public var code: String {
            switch self {
            case .insufficientStock: "insufficientStock"
            case .belowReserved: "belowReserved"
            case .differentQuantity: "differentQuantity"
            case .notReserved: "notReserved"
            case .released: "released"
            case .alreadyCommitted: "alreadyCommitted"
            case .notCommitted: "notCommitted"
            case .invalidQuantity: "invalidQuantity"
            case .overfull: "overfull"
            case .invalidReason: "invalidReason"
            }
        }

        public var description: String {
            switch self {
            case .insufficientStock(let available): "only \(available) units are available"
            case .belowReserved(let reserved): "\(reserved) units are reserved for orders, and fewer would be left"
            case .differentQuantity(let quantity): "the order has \(quantity) units here, and another number was named"
            case .notReserved: "nothing is reserved for the order"
            case .released: "the order has given its units up here, and none are reserved for it any more"
            case .alreadyCommitted: "the order's units have left the stock, and can only be returned"
            case .notCommitted: "no such number of units has left the stock for the order"
            case .invalidQuantity: "a quantity is a number from 1 to \(Stock.quantityMax)"
            case .overfull: "a location holds at most \(Stock.onHandMax) units"
            case .invalidReason: "a reason has 1 to 500 characters and no control characters"
            }
        }
    }
}
