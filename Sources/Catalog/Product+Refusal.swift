public import EventSourcing

extension Product {
    /// Why a product cannot be changed so.
    public enum Refusal: BusinessRefusal, Hashable {
        case unknown
        case alreadyExists
        case withdrawn
        case negativePrice
        case invalidName
        case invalidReason

        public var code: String {
            switch self {
            case .unknown: "unknown"
            case .alreadyExists: "alreadyExists"
            case .withdrawn: "withdrawn"
            case .negativePrice: "negativePrice"
            case .invalidName: "invalidName"
            case .invalidReason: "invalidReason"
            }
        }

        public var description: String {
            switch self {
            case .unknown: "there is no product with this SKU"
            case .alreadyExists: "another product has this SKU"
            case .withdrawn: "the product was withdrawn from sale, and its SKU is not used again"
            case .negativePrice: "a price cannot be negative"
            case .invalidName: "a product's name has 1 to 200 characters and no control characters"
            case .invalidReason: "a reason has 1 to 500 characters and no control characters"
            }
        }
    }
}
