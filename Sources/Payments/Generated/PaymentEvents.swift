// Generated from EventSchemas/payments by `strata schemas generate`. Do not edit.
// swift-format-ignore-file

public import Commerce
public import EventCodec
public import EventSourcing

/// What can happen to a `Payment`.
public enum PaymentEvent: Sendable, Hashable {
    /// The payment provider set the amount aside on the customer's card.
    case authorised(PaymentAuthorised)
    /// The authorised amount was collected.
    case captured(PaymentCaptured)
    /// The payment provider refused to set the amount aside.
    case declined(PaymentDeclined)
    /// The payment provider refused to give a collected amount back, and it is held no longer.
    case refundDeclined(PaymentRefundDeclined)
    /// A collected amount is to be given back: it is held until the payment provider has answered.
    case refundRequested(PaymentRefundRequested)
    /// A collected amount was given back.
    case refunded(PaymentRefunded)
    /// An authorisation was given up before anything was collected.
    case voided(PaymentVoided)
}

extension PaymentEvent: EventPayload {
    public static let eventTypes: [EventType]? = [
        PaymentAuthorised.eventType,
        PaymentCaptured.eventType,
        PaymentDeclined.eventType,
        PaymentRefundDeclined.eventType,
        PaymentRefundRequested.eventType,
        PaymentRefunded.eventType,
        PaymentVoided.eventType
    ]

    public var eventType: EventType {
        switch self {
        case .authorised: PaymentAuthorised.eventType
        case .captured: PaymentCaptured.eventType
        case .declined: PaymentDeclined.eventType
        case .refundDeclined: PaymentRefundDeclined.eventType
        case .refundRequested: PaymentRefundRequested.eventType
        case .refunded: PaymentRefunded.eventType
        case .voided: PaymentVoided.eventType
        }
    }

    public var schemaVersion: Int {
        switch self {
        case .authorised: PaymentAuthorised.schemaVersion
        case .captured: PaymentCaptured.schemaVersion
        case .declined: PaymentDeclined.schemaVersion
        case .refundDeclined: PaymentRefundDeclined.schemaVersion
        case .refundRequested: PaymentRefundRequested.schemaVersion
        case .refunded: PaymentRefunded.schemaVersion
        case .voided: PaymentVoided.schemaVersion
        }
    }

    public func encode(into bytes: inout [UInt8]) throws(EventCodingError) {
        do throws(JSONError) {
            switch self {
            case .authorised(let event): try event.encodeJSON(to: &bytes)
            case .captured(let event): try event.encodeJSON(to: &bytes)
            case .declined(let event): try event.encodeJSON(to: &bytes)
            case .refundDeclined(let event): try event.encodeJSON(to: &bytes)
            case .refundRequested(let event): try event.encodeJSON(to: &bytes)
            case .refunded(let event): try event.encodeJSON(to: &bytes)
            case .voided(let event): try event.encodeJSON(to: &bytes)
            }
        } catch {
            throw EventCodingError(type: eventType, reason: error.description)
        }
    }

    public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
        do throws(JSONError) {
            switch (type.rawValue, schemaVersion) {
            case ("PaymentAuthorised", 1):
                self = .authorised(try PaymentAuthorised(jsonBytes: payload))
            case ("PaymentCaptured", 1):
                self = .captured(try PaymentCaptured(jsonBytes: payload))
            case ("PaymentDeclined", 1):
                self = .declined(try PaymentDeclined(jsonBytes: payload))
            case ("PaymentRefundDeclined", 1):
                self = .refundDeclined(try PaymentRefundDeclined(jsonBytes: payload))
            case ("PaymentRefundRequested", 1):
                self = .refundRequested(try PaymentRefundRequested(jsonBytes: payload))
            case ("PaymentRefunded", 1...2):
                self = .refunded(try PaymentRefunded(jsonBytes: payload))
            case ("PaymentVoided", 1):
                self = .voided(try PaymentVoided(jsonBytes: payload))
            default:
                throw JSONError(.invalid("is of a type or version that PaymentEvent does not know"))
            }
        } catch {
            throw EventCodingError(type: type, reason: error.description)
        }
    }
}

/// The payment provider set the amount aside on the customer's card.
public struct PaymentAuthorised: Sendable, Hashable {
    public static let eventType: EventType = "PaymentAuthorised"
    public static let schemaVersion = 1

    /// The order that is paid for.
    public var orderID: OrderID
    /// How much.
    public var amount: Money
    /// The provider's number for the authorisation.
    public var authorisationID: String

    public init(orderID: OrderID, amount: Money, authorisationID: String) {
        self.orderID = orderID
        self.amount = amount
        self.authorisationID = authorisationID
    }
}

extension PaymentAuthorised: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var amount: Money?
        var authorisationID: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "amount": try json.read(&amount)
            case "authorisationId": try json.read(&authorisationID)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.amount = try json.require(amount, "amount", in: object)
        self.authorisationID = try json.require(authorisationID, "authorisationId", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("amount")
        amount.write(to: &json)
        json.key("authorisationId")
        authorisationID.write(to: &json)
        json.endObject()
    }
}

/// The authorised amount was collected.
public struct PaymentCaptured: Sendable, Hashable {
    public static let eventType: EventType = "PaymentCaptured"
    public static let schemaVersion = 1

    /// The order that is paid for.
    public var orderID: OrderID
    /// How much.
    public var amount: Money
    /// The provider's number for the capture.
    public var captureID: String

    public init(orderID: OrderID, amount: Money, captureID: String) {
        self.orderID = orderID
        self.amount = amount
        self.captureID = captureID
    }
}

extension PaymentCaptured: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var amount: Money?
        var captureID: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "amount": try json.read(&amount)
            case "captureId": try json.read(&captureID)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.amount = try json.require(amount, "amount", in: object)
        self.captureID = try json.require(captureID, "captureId", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("amount")
        amount.write(to: &json)
        json.key("captureId")
        captureID.write(to: &json)
        json.endObject()
    }
}

/// The payment provider refused to set the amount aside.
public struct PaymentDeclined: Sendable, Hashable {
    public static let eventType: EventType = "PaymentDeclined"
    public static let schemaVersion = 1

    /// The order that is paid for.
    public var orderID: OrderID
    /// How much was asked for.
    public var amount: Money
    /// Why, for programs.
    public var code: String
    /// Why, for people.
    public var reason: String

    public init(orderID: OrderID, amount: Money, code: String, reason: String) {
        self.orderID = orderID
        self.amount = amount
        self.code = code
        self.reason = reason
    }
}

extension PaymentDeclined: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var amount: Money?
        var code: String?
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "amount": try json.read(&amount)
            case "code": try json.read(&code)
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.amount = try json.require(amount, "amount", in: object)
        self.code = try json.require(code, "code", in: object)
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("amount")
        amount.write(to: &json)
        json.key("code")
        code.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}

/// The payment provider refused to give a collected amount back, and it is held no longer.
public struct PaymentRefundDeclined: Sendable, Hashable {
    public static let eventType: EventType = "PaymentRefundDeclined"
    public static let schemaVersion = 1

    /// The order that is paid for.
    public var orderID: OrderID
    /// The request that was refused.
    public var requestID: String
    /// Why, for programs.
    public var code: String
    /// Why, for people.
    public var reason: String

    public init(orderID: OrderID, requestID: String, code: String, reason: String) {
        self.orderID = orderID
        self.requestID = requestID
        self.code = code
        self.reason = reason
    }
}

extension PaymentRefundDeclined: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var requestID: String?
        var code: String?
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "requestId": try json.read(&requestID)
            case "code": try json.read(&code)
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.requestID = try json.require(requestID, "requestId", in: object)
        self.code = try json.require(code, "code", in: object)
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("requestId")
        requestID.write(to: &json)
        json.key("code")
        code.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}

/// A collected amount is to be given back: it is held until the payment provider has answered.
public struct PaymentRefundRequested: Sendable, Hashable {
    public static let eventType: EventType = "PaymentRefundRequested"
    public static let schemaVersion = 1

    /// The order that is paid for.
    public var orderID: OrderID
    /// Names the request: the id of the command that asked for it.
    public var requestID: String
    /// How much.
    public var amount: Money
    /// Why.
    public var reason: String

    public init(orderID: OrderID, requestID: String, amount: Money, reason: String) {
        self.orderID = orderID
        self.requestID = requestID
        self.amount = amount
        self.reason = reason
    }
}

extension PaymentRefundRequested: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var requestID: String?
        var amount: Money?
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "requestId": try json.read(&requestID)
            case "amount": try json.read(&amount)
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.requestID = try json.require(requestID, "requestId", in: object)
        self.amount = try json.require(amount, "amount", in: object)
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("requestId")
        requestID.write(to: &json)
        json.key("amount")
        amount.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}

/// A collected amount was given back.
public struct PaymentRefunded: Sendable, Hashable {
    public static let eventType: EventType = "PaymentRefunded"
    public static let schemaVersion = 2

    /// The order that is paid for.
    public var orderID: OrderID
    /// The request that this settles; missing when there was none, as before this version.
    public var requestID: String?
    /// How much.
    public var amount: Money
    /// The provider's number for the refund.
    public var refundID: String
    /// Why.
    public var reason: String

    public init(orderID: OrderID, requestID: String? = nil, amount: Money, refundID: String, reason: String) {
        self.orderID = orderID
        self.requestID = requestID
        self.amount = amount
        self.refundID = refundID
        self.reason = reason
    }
}

extension PaymentRefunded: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var requestID: String??
        var amount: Money?
        var refundID: String?
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "requestId": try json.readOptional(&requestID)
            case "amount": try json.read(&amount)
            case "refundId": try json.read(&refundID)
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.requestID = requestID ?? nil
        self.amount = try json.require(amount, "amount", in: object)
        self.refundID = try json.require(refundID, "refundId", in: object)
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        if let requestID {
            json.key("requestId")
            requestID.write(to: &json)
        }
        json.key("amount")
        amount.write(to: &json)
        json.key("refundId")
        refundID.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}

/// An authorisation was given up before anything was collected.
public struct PaymentVoided: Sendable, Hashable {
    public static let eventType: EventType = "PaymentVoided"
    public static let schemaVersion = 1

    /// The order that is paid for.
    public var orderID: OrderID
    /// Why.
    public var reason: String

    public init(orderID: OrderID, reason: String) {
        self.orderID = orderID
        self.reason = reason
    }
}

extension PaymentVoided: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}
