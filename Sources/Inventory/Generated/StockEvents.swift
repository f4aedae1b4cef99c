// Generated from EventSchemas/inventory by `strata schemas generate`. Do not edit.
// swift-format-ignore-file

public import Commerce
public import EventCodec
public import EventSourcing

/// What can happen to a `Stock`.
public enum StockEvent: Sendable, Hashable {
    /// Units set aside for an order have left the stock for good.
    case reservationCommitted(ReservationCommitted)
    /// Units set aside for an order can be sold again, and none will be set aside for it any more.
    case reservationReleased(ReservationReleased)
    /// A count was put right, after stocktaking, loss or damage.
    case adjusted(StockAdjusted)
    /// Units arrived and can be sold.
    case received(StockReceived)
    /// Units were set aside for an order and can no longer be sold to another.
    case reserved(StockReserved)
    /// Units that had left for an order are back and can be sold again.
    case returned(StockReturned)
}

extension StockEvent: EventPayload {
    public static let eventTypes: [EventType]? = [
        ReservationCommitted.eventType,
        ReservationReleased.eventType,
        StockAdjusted.eventType,
        StockReceived.eventType,
        StockReserved.eventType,
        StockReturned.eventType
    ]

    public var eventType: EventType {
        switch self {
        case .reservationCommitted: ReservationCommitted.eventType
        case .reservationReleased: ReservationReleased.eventType
        case .adjusted: StockAdjusted.eventType
        case .received: StockReceived.eventType
        case .reserved: StockReserved.eventType
        case .returned: StockReturned.eventType
        }
    }

    public var schemaVersion: Int {
        switch self {
        case .reservationCommitted: ReservationCommitted.schemaVersion
        case .reservationReleased: ReservationReleased.schemaVersion
        case .adjusted: StockAdjusted.schemaVersion
        case .received: StockReceived.schemaVersion
        case .reserved: StockReserved.schemaVersion
        case .returned: StockReturned.schemaVersion
        }
    }

    public func encode(into bytes: inout [UInt8]) throws(EventCodingError) {
        do throws(JSONError) {
            switch self {
            case .reservationCommitted(let event): try event.encodeJSON(to: &bytes)
            case .reservationReleased(let event): try event.encodeJSON(to: &bytes)
            case .adjusted(let event): try event.encodeJSON(to: &bytes)
            case .received(let event): try event.encodeJSON(to: &bytes)
            case .reserved(let event): try event.encodeJSON(to: &bytes)
            case .returned(let event): try event.encodeJSON(to: &bytes)
            }
        } catch {
            throw EventCodingError(type: eventType, reason: error.description)
        }
    }

    public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
        do throws(JSONError) {
            switch (type.rawValue, schemaVersion) {
            case ("ReservationCommitted", 1):
                self = .reservationCommitted(try ReservationCommitted(jsonBytes: payload))
            case ("ReservationReleased", 1...2):
                self = .reservationReleased(try ReservationReleased(jsonBytes: payload))
            case ("StockAdjusted", 1):
                self = .adjusted(try StockAdjusted(jsonBytes: payload))
            case ("StockReceived", 1):
                self = .received(try StockReceived(jsonBytes: payload))
            case ("StockReserved", 1):
                self = .reserved(try StockReserved(jsonBytes: payload))
            case ("StockReturned", 1):
                self = .returned(try StockReturned(jsonBytes: payload))
            default:
                throw JSONError(.invalid("is of a type or version that StockEvent does not know"))
            }
        } catch {
            throw EventCodingError(type: type, reason: error.description)
        }
    }
}

/// Units set aside for an order have left the stock for good.
public struct ReservationCommitted: Sendable, Hashable {
    public static let eventType: EventType = "ReservationCommitted"
    public static let schemaVersion = 1

    /// What is counted.
    public var sku: SKU
    /// Where it is.
    public var location: LocationID
    /// The order that they are for.
    public var orderID: OrderID
    /// How many.
    public var quantity: Int

    public init(sku: SKU, location: LocationID, orderID: OrderID, quantity: Int) {
        self.sku = sku
        self.location = location
        self.orderID = orderID
        self.quantity = quantity
    }
}

extension ReservationCommitted: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var location: LocationID?
        var orderID: OrderID?
        var quantity: Int?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "location": try json.read(&location)
            case "orderId": try json.read(&orderID)
            case "quantity": try json.read(&quantity)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.location = try json.require(location, "location", in: object)
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.quantity = try json.require(quantity, "quantity", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("location")
        location.write(to: &json)
        json.key("orderId")
        orderID.write(to: &json)
        json.key("quantity")
        quantity.write(to: &json)
        json.endObject()
    }
}

/// Units set aside for an order can be sold again, and none will be set aside for it any more.
public struct ReservationReleased: Sendable, Hashable {
    public static let eventType: EventType = "ReservationReleased"
    public static let schemaVersion = 2

    /// What is counted.
    public var sku: SKU
    /// Where it is.
    public var location: LocationID
    /// The order that they are for.
    public var orderID: OrderID
    /// How many; 0 when none were, which was not recorded before this version.
    public var quantity: Int

    public init(sku: SKU, location: LocationID, orderID: OrderID, quantity: Int) {
        self.sku = sku
        self.location = location
        self.orderID = orderID
        self.quantity = quantity
    }
}

extension ReservationReleased: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var location: LocationID?
        var orderID: OrderID?
        var quantity: Int?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "location": try json.read(&location)
            case "orderId": try json.read(&orderID)
            case "quantity": try json.read(&quantity)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.location = try json.require(location, "location", in: object)
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.quantity = try json.require(quantity, "quantity", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("location")
        location.write(to: &json)
        json.key("orderId")
        orderID.write(to: &json)
        json.key("quantity")
        quantity.write(to: &json)
        json.endObject()
    }
}

/// A count was put right, after stocktaking, loss or damage.
public struct StockAdjusted: Sendable, Hashable {
    public static let eventType: EventType = "StockAdjusted"
    public static let schemaVersion = 1

    /// What is counted.
    public var sku: SKU
    /// Where it is.
    public var location: LocationID
    /// How many units more, or fewer when it is negative.
    public var delta: Int
    /// Why, in the words of whoever put it right.
    public var reason: String

    public init(sku: SKU, location: LocationID, delta: Int, reason: String) {
        self.sku = sku
        self.location = location
        self.delta = delta
        self.reason = reason
    }
}

extension StockAdjusted: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var location: LocationID?
        var delta: Int?
        var reason: String?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "location": try json.read(&location)
            case "delta": try json.read(&delta)
            case "reason": try json.read(&reason)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.location = try json.require(location, "location", in: object)
        self.delta = try json.require(delta, "delta", in: object)
        self.reason = try json.require(reason, "reason", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("location")
        location.write(to: &json)
        json.key("delta")
        delta.write(to: &json)
        json.key("reason")
        reason.write(to: &json)
        json.endObject()
    }
}

/// Units arrived and can be sold.
public struct StockReceived: Sendable, Hashable {
    public static let eventType: EventType = "StockReceived"
    public static let schemaVersion = 1

    /// What is counted.
    public var sku: SKU
    /// Where it is.
    public var location: LocationID
    /// How many.
    public var quantity: Int

    public init(sku: SKU, location: LocationID, quantity: Int) {
        self.sku = sku
        self.location = location
        self.quantity = quantity
    }
}

extension StockReceived: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var location: LocationID?
        var quantity: Int?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "location": try json.read(&location)
            case "quantity": try json.read(&quantity)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.location = try json.require(location, "location", in: object)
        self.quantity = try json.require(quantity, "quantity", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("location")
        location.write(to: &json)
        json.key("quantity")
        quantity.write(to: &json)
        json.endObject()
    }
}

/// Units were set aside for an order and can no longer be sold to another.
public struct StockReserved: Sendable, Hashable {
    public static let eventType: EventType = "StockReserved"
    public static let schemaVersion = 1

    /// What is counted.
    public var sku: SKU
    /// Where it is.
    public var location: LocationID
    /// The order that they are for.
    public var orderID: OrderID
    /// How many.
    public var quantity: Int

    public init(sku: SKU, location: LocationID, orderID: OrderID, quantity: Int) {
        self.sku = sku
        self.location = location
        self.orderID = orderID
        self.quantity = quantity
    }
}

extension StockReserved: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var location: LocationID?
        var orderID: OrderID?
        var quantity: Int?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "location": try json.read(&location)
            case "orderId": try json.read(&orderID)
            case "quantity": try json.read(&quantity)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.location = try json.require(location, "location", in: object)
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.quantity = try json.require(quantity, "quantity", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("location")
        location.write(to: &json)
        json.key("orderId")
        orderID.write(to: &json)
        json.key("quantity")
        quantity.write(to: &json)
        json.endObject()
    }
}

/// Units that had left for an order are back and can be sold again.
public struct StockReturned: Sendable, Hashable {
    public static let eventType: EventType = "StockReturned"
    public static let schemaVersion = 1

    /// What is counted.
    public var sku: SKU
    /// Where it is.
    public var location: LocationID
    /// The order that they are for.
    public var orderID: OrderID
    /// How many.
    public var quantity: Int

    public init(sku: SKU, location: LocationID, orderID: OrderID, quantity: Int) {
        self.sku = sku
        self.location = location
        self.orderID = orderID
        self.quantity = quantity
    }
}

extension StockReturned: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var location: LocationID?
        var orderID: OrderID?
        var quantity: Int?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "location": try json.read(&location)
            case "orderId": try json.read(&orderID)
            case "quantity": try json.read(&quantity)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.location = try json.require(location, "location", in: object)
        self.orderID = try json.require(orderID, "orderId", in: object)
        self.quantity = try json.require(quantity, "quantity", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("location")
        location.write(to: &json)
        json.key("orderId")
        orderID.write(to: &json)
        json.key("quantity")
        quantity.write(to: &json)
        json.endObject()
    }
}
