// Generated from EventSchemas/catalog by `strata schemas generate`. Do not edit.
// swift-format-ignore-file

public import Commerce
public import EventCodec
public import EventSourcing

/// What can happen to a `Product`.
public enum ProductEvent: Sendable, Hashable {
    /// A product was added to the catalogue.
    case created(ProductCreated)
    /// A product's price changed, for orders placed from now on.
    case repriced(ProductRepriced)
    /// A product is no longer for sale.
    case withdrawn(ProductWithdrawn)
}

extension ProductEvent: EventPayload {
    public static let eventTypes: [EventType]? = [
        ProductCreated.eventType,
        ProductRepriced.eventType,
        ProductWithdrawn.eventType
    ]

    public var eventType: EventType {
        switch self {
        case .created: ProductCreated.eventType
        case .repriced: ProductRepriced.eventType
        case .withdrawn: ProductWithdrawn.eventType
        }
    }

    public var schemaVersion: Int {
        switch self {
        case .created: ProductCreated.schemaVersion
        case .repriced: ProductRepriced.schemaVersion
        case .withdrawn: ProductWithdrawn.schemaVersion
        }
    }

    public func encode(into bytes: inout [UInt8]) throws(EventCodingError) {
        do throws(JSONError) {
            switch self {
            case .created(let event): try event.encodeJSON(to: &bytes)
            case .repriced(let event): try event.encodeJSON(to: &bytes)
            case .withdrawn(let event): try event.encodeJSON(to: &bytes)
            }
        } catch {
            throw EventCodingError(type: eventType, reason: error.description)
        }
    }

    public init(type: EventType, schemaVersion: Int, payload: ArraySlice<UInt8>) throws(EventCodingError) {
        do throws(JSONError) {
            switch (type.rawValue, schemaVersion) {
            case ("ProductCreated", 1):
                self = .created(try ProductCreated(jsonBytes: payload))
            case ("ProductRepriced", 1):
                self = .repriced(try ProductRepriced(jsonBytes: payload))
            case ("ProductWithdrawn", 1):
                self = .withdrawn(try ProductWithdrawn(jsonBytes: payload))
            default:
                throw JSONError(.invalid("is of a type or version that ProductEvent does not know"))
            }
        } catch {
            throw EventCodingError(type: type, reason: error.description)
        }
    }
}

/// A product was added to the catalogue.
public struct ProductCreated: Sendable, Hashable {
    public static let eventType: EventType = "ProductCreated"
    public static let schemaVersion = 1

    /// Names the product from now on.
    public var sku: SKU
    /// What customers see.
    public var name: String
    /// What one unit costs.
    public var price: Money
    /// Which rate of tax applies to it.
    public var taxClass: TaxClass

    /// Which rate of tax applies to it.
    public enum TaxClass: String, Sendable, Hashable, CaseIterable {
        case standard = "standard"
        case reduced = "reduced"
        case zero = "zero"
    }

    public init(sku: SKU, name: String, price: Money, taxClass: TaxClass) {
        self.sku = sku
        self.name = name
        self.price = price
        self.taxClass = taxClass
    }
}

extension ProductCreated: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var name: String?
        var price: Money?
        var taxClass: TaxClass?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "name": try json.read(&name)
            case "price": try json.read(&price)
            case "taxClass": try json.read(&taxClass)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.name = try json.require(name, "name", in: object)
        self.price = try json.require(price, "price", in: object)
        self.taxClass = try json.require(taxClass, "taxClass", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("name")
        name.write(to: &json)
        json.key("price")
        price.write(to: &json)
        json.key("taxClass")
        taxClass.write(to: &json)
        json.endObject()
    }
}

extension ProductCreated.TaxClass: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) { self = try json.oneOf() }
    public func write(to json: inout JSONWriter) { json.string(rawValue) }
}

/// A product's price changed, for orders placed from now on.
public struct ProductRepriced: Sendable, Hashable {
    public static let eventType: EventType = "ProductRepriced"
    public static let schemaVersion = 1

    /// The product.
    public var sku: SKU
    /// What one unit costs from now on.
    public var price: Money

    public init(sku: SKU, price: Money) {
        self.sku = sku
        self.price = price
    }
}

extension ProductRepriced: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var price: Money?
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "price": try json.read(&price)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.price = try json.require(price, "price", in: object)
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        json.key("price")
        price.write(to: &json)
        json.endObject()
    }
}

/// A product is no longer for sale.
public struct ProductWithdrawn: Sendable, Hashable {
    public static let eventType: EventType = "ProductWithdrawn"
    public static let schemaVersion = 1

    /// The product.
    public var sku: SKU
    /// Why, in the words of whoever withdrew it.
    public var reason: String?

    public init(sku: SKU, reason: String? = nil) {
        self.sku = sku
        self.reason = reason
    }
}

extension ProductWithdrawn: JSONCodable {
    public init(json: inout JSONReader) throws(JSONError) {
        var sku: SKU?
        var reason: String??
        let object = try json.startObject()
        while let field = try json.nextKey() {
            switch field {
            case "sku": try json.read(&sku)
            case "reason": try json.readOptional(&reason)
            default: try json.skipValue()
            }
        }
        self.sku = try json.require(sku, "sku", in: object)
        self.reason = reason ?? nil
    }

    public func write(to json: inout JSONWriter) {
        json.startObject()
        json.key("sku")
        sku.write(to: &json)
        if let reason {
            json.key("reason")
            reason.write(to: &json)
        }
        json.endObject()
    }
}
