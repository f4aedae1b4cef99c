internal import Catalog
internal import HTTPTypes
internal import Inventory
internal import Orders
internal import Payments

extension Product.Refusal: HTTPRefusal {
    var status: HTTPResponse.Status {
        switch self {
        case .unknown: .notFound
        case .alreadyExists, .withdrawn: .conflict
        case .negativePrice, .invalidName, .invalidReason: .unprocessableContent
        }
    }
}

extension Stock.Refusal: HTTPRefusal {
    var status: HTTPResponse.Status {
        switch self {
        case .insufficientStock, .belowReserved, .differentQuantity, .notReserved, .released, .alreadyCommitted,
            .notCommitted, .overfull:
            .conflict
        case .invalidQuantity, .invalidReason: .unprocessableContent
        }
    }
}

extension Order.Refusal: HTTPRefusal {
    var status: HTTPResponse.Status {
        switch self {
        case .notPlaced: .notFound
        case .alreadyPlaced, .orderNumberTaken, .notConfirmed, .alreadyConfirmed, .alreadyShipped, .cancelled,
            .rejected:
            .conflict
        case .invalid, .invalidReason, .invalidShipment: .unprocessableContent
        }
    }
}

extension Payment.Refusal: HTTPRefusal {
    var status: HTTPResponse.Status {
        switch self {
        case .paymentDeclined, .refusedByProvider, .notAuthorised, .alreadyAuthorised, .exceedsAuthorised,
            .notCaptured, .alreadyCaptured, .exceedsCaptured, .voided:
            .conflict
        case .amountNotPositive, .otherCurrency, .invalidReason: .unprocessableContent
        }
    }
}
