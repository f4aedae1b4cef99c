// Generated from EventSchemas/orders by `strata schemas generate`. Do not edit.
// swift-format-ignore-file

public import Commerce
public import EventCodec
public import EventSourcing

/// What can happen to an `Order`.
public enum OrderEvent: Sendable, Hashable {
    /// The order was called off before it was shipped.
    case cancelled(OrderCancelled)
    /// Stock and payment are certain: the order will be shipped.
    case confirmed(OrderConfirmed)
    /// A customer placed an order. It is not confirmed yet.
    case placed(OrderPlaced)
    /// The shop could not take the order.
    case rejected(OrderRejected)
    /// The order is on its way to the customer.
    case shipped(OrderShipped)
}

extension OrderEvent: EventPayload {
    public static let eventTypes: [EventType]? = [
        OrderCancelled.eventType,
        OrderConfirmed.eventType,
        OrderPlaced.eventType,
        OrderRejected.eventType,
        OrderShipped.eventType
    ]

    public var eventType: EventType {
        switch self {
        case .cancelled: OrderCancelled.eventType
        case .confirmed: OrderConfirmed.eventType
        case .placed: OrderPlaced.eventType
        case .rejected: OrderRejected.eventType
        case .shipped: OrderShipped.eventType
        }
    }

    public var schemaVersion: Int {
        switch self {
        case .cancelled: OrderCancelled.schemaVersion
        case .confirmed: OrderConfirmed.schemaVersion
        case .placed: OrderPlaced.schemaVersion
        case .rejected: OrderRejected.schemaVersion
        case .shipped: OrderShipped.schemaVersion
        }
    }

    public func encode(into bytes: inout [UInt8]) throws(EventCodingError) {
        do throws(JSONError) {
            switch self {
            case .cancelled(let event): try event.encodeJSON(to: &bytes)
            case .confirmed(let event): try event.encodeJSON(to: &bytes)
            case .placed(let event): try event.encodeJSON(to: &bytes)
            case .rejected(let event): try event.encodeJSON(to: &bytes)
            case .shipped(let event): try event.encodeJSON(to: &bytes)
            }
        } catch {
            throw EventCodingError(type: eventType, reason: error.description)
        }
    }

    public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
        do throws(JSONError) {
            switch (type.rawValue, schemaVersion) {
            case ("OrderCancelled", 1):
                self = .cancelled(try OrderCancelled(jsonBytes: payload))
            case ("OrderConfirmed", 1):
                self = .confirmed(try OrderConfirmed(jsonBytes: payload))
            case ("OrderPlaced", 1...2):
                self = .placed(try OrderPlaced(jsonBytes: payload))
            case ("OrderRejected", 1):
                self = .rejected(try OrderRejected(jsonBytes: payload))
            case ("OrderShipped", 1):
                self = .shipped(try OrderShipped(jsonBytes: payload))
            default:
                throw JSONError(.invalid("is of a type or version that OrderEvent does not know"))
            }
        } catch {
            throw EventCodingError(type: type, reason: error.description)
        }
    }
}

/// The order was called off before it was shipped.
public struct OrderCancelled: Sendable, Hashable {
    public static let eventType: EventType = "OrderCancelled"
    public static let schemaVersion = 1

    /// The order.
    public var orderID: OrderID
    /// Why, in the words of whoever cancelled it.
    public var reason: String
    /// Whether stock and payment were already certain, and had to be undone.
    public var wasConfirmed: Bool

    public init(orderID: OrderID, reason: String, wasConfirmed: Bool) {
        self.orderID = orderID
        self.reason = reason
        self.wasConfirmed = wasConfirmed
    }
}

extension OrderCancelled: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var reason: String?
        var wasConfirmed: Bool?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "reason": try json.read(&reason)
            case "wasConfirmed": try json.read(&wasConfirmed)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.reason = try json.require(reason, "reason", in: object)
        self.wasConfirmed = try json.require(wasConfirmed, "wasConfirmed", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.key("wasConfirmed")
        wasConfirmed.write(to: &json)
        json.endObject()
    }
}

/// Stock and payment are certain: the order will be shipped.
public struct OrderConfirmed: Sendable, Hashable {
    public static let eventType: EventType = "OrderConfirmed"
    public static let schemaVersion = 1

    /// The order.
    public var orderID: OrderID

    public init(orderID: OrderID) {
        self.orderID = orderID
    }
}

extension OrderConfirmed: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.endObject()
    }
}

/// A customer placed an order. It is not confirmed yet.
public struct OrderPlaced: Sendable, Hashable {
    public static let eventType: EventType = "OrderPlaced"
    public static let schemaVersion = 2

    /// Names the order from now on.
    public var orderID: OrderID
    /// The number that people know the order by; missing when it has none, as before this version.
    public var orderNumber: OrderNumber?
    /// Who buys.
    public var customerID: CustomerID
    /// The business date of the order.
    public var placedOn: CalendarDate
    /// What is bought.
    public var lines: [Line]
    /// What is taken off the sum of the lines; zero when nothing is.
    public var discount: Money
    /// What is to be paid.
    public var total: Money
    /// Stands for the customer's card at the payment provider; never a card number.
    public var cardToken: String

    /// One product from one place.
    public struct Line: Sendable, Hashable {
        /// What is bought.
        public var sku: SKU
        /// The place that it ships from.
        public var location: LocationID
        /// How many units.
        public var quantity: Int
        /// What one unit costs, before any discount.
        public var unitPrice: Money
        /// Which rate of tax applied to it when the order was placed.
        public var taxClass: String?
        /// What the customer saw.
        public var description: String?

        public init(
            sku: SKU,
            location: LocationID,
            quantity: Int,
            unitPrice: Money,
            taxClass: String? = nil,
            description: String? = nil
        ) {
            self.sku = sku
            self.location = location
            self.quantity = quantity
            self.unitPrice = unitPrice
            self.taxClass = taxClass
            self.description = description
        }
    }

    public init(
        orderID: OrderID,
        orderNumber: OrderNumber? = nil,
        customerID: CustomerID,
        placedOn: CalendarDate,
        lines: [Line],
        discount: Money,
        total: Money,
        cardToken: String
    ) {
        self.orderID = orderID
        self.orderNumber = orderNumber
        self.customerID = customerID
        self.placedOn = placedOn
        self.lines = lines
        self.discount = discount
        self.total = total
        self.cardToken = cardToken
    }
}

extension OrderPlaced: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var orderNumber: OrderNumber??
        var customerID: CustomerID?
        var placedOn: CalendarDate?
        var lines: [Line]?
        var discount: Money?
        var total: Money?
        var cardToken: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "orderNumber": try json.readOptional(&orderNumber)
            case "customerId": try json.read(&customerID)
            case "placedOn": try json.read(&placedOn)
            case "lines": try json.read(&lines)
            case "discount": try json.read(&discount)
            case "total": try json.read(&total)
            case "cardToken": try json.read(&cardToken)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.orderNumber = orderNumber ?? nil
        self.customerID = try json.require(customerID, "customerId", in: object)
        self.placedOn = try json.require(placedOn, "placedOn", in: object)
        self.lines = try json.require(lines, "lines", in: object)
        self.discount = try json.require(discount, "discount", in: object)
        self.total = try json.require(total, "total", in: object)
        self.cardToken = try json.require(cardToken, "cardToken", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        if let orderNumber {
            json.key("orderNumber")
            orderNumber.write(to: &json)
        }
        json.key("customerId")
        customerID.write(to: &json)
        json.key("placedOn")
        placedOn.write(to: &json)
        json.key("lines")
        lines.write(to: &json)
        json.key("discount")
        discount.write(to: &json)
        json.key("total")
        total.write(to: &json)
        json.key("cardToken")
        cardToken.write(to: &json)
        json.endObject()
    }
}

extension OrderPlaced.Line: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var location: LocationID?
        var quantity: Int?
        var unitPrice: Money?
        var taxClass: String??
        var description: String??
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "location": try json.read(&location)
            case "quantity": try json.read(&quantity)
            case "unitPrice": try json.read(&unitPrice)
            case "taxClass": try json.readOptional(&taxClass)
            case "description": try json.readOptional(&description)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.location = try json.require(location, "location", in: object)
        self.quantity = try json.require(quantity, "quantity", in: object)
        self.unitPrice = try json.require(unitPrice, "unitPrice", in: object)
        self.taxClass = taxClass ?? nil
        self.description = description ?? nil
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("location")
        location.write(to: &json)
        json.key("quantity")
        quantity.write(to: &json)
        json.key("unitPrice")
        unitPrice.write(to: &json)
        if let taxClass {
            json.key("taxClass")
            taxClass.write(to: &json)
        }
        if let description {
            json.key("description")
            description.write(to: &json)
        }
        json.endObject()
    }
}

/// The shop could not take the order.
public struct OrderRejected: Sendable, Hashable {
    public static let eventType: EventType = "OrderRejected"
    public static let schemaVersion = 1

    /// The order.
    public var orderID: OrderID
    /// Why, for people.
    public var reason: String
    /// Why, for programs.
    public var code: String

    public init(orderID: OrderID, reason: String, code: String) {
        self.orderID = orderID
        self.reason = reason
        self.code = code
    }
}

extension OrderRejected: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var reason: String?
        var code: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "reason": try json.read(&reason)
            case "code": try json.read(&code)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.reason = try json.require(reason, "reason", in: object)
        self.code = try json.require(code, "code", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.key("code")
        code.write(to: &json)
        json.endObject()
    }
}

/// The order is on its way to the customer.
public struct OrderShipped: Sendable, Hashable {
    public static let eventType: EventType = "OrderShipped"
    public static let schemaVersion = 1

    /// The order.
    public var orderID: OrderID
    /// Who carries it.
    public var carrier: String?
    /// The carrier's number for it.
    public var tracking: String

    public init(orderID: OrderID, carrier: String? = nil, tracking: String) {
        self.orderID = orderID
        self.carrier = carrier
        self.tracking = tracking
    }
}

extension OrderShipped: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var orderID: OrderID?
        var carrier: String??
        var tracking: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "orderId": try json.read(&orderID)
            case "carrier": try json.readOptional(&carrier)
            case "tracking": try json.read(&tracking)
            default: try json.skipValue()
            }
        }
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.carrier = carrier ?? nil
        self.tracking = try json.require(tracking, "tracking", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("orderId")
        orderID.write(to: &json)
        if let carrier {
            json.key("carrier")
            carrier.write(to: &json)
        }
        json.key("tracking")
        tracking.write(to: &json)
        json.endObject()
    }
}
