public import Commerce
public import EventSourcing

/// Something that can be bought. Its stream is `product-<SKU>`.
public enum Product: Aggregate, Hashable {
    public static let category: StreamCategory = "product"

    /// Nothing was ever sold under this SKU.
    case unknown
    /// It can be bought.
    case onSale(ProductDetails)
    /// It was sold once. Its SKU is not used again: old orders mean the old product.
    case withdrawn(ProductDetails)

    public init() { self = .unknown }

    public mutating func apply(_ event: ProductEvent) {
        switch (self, event) {
        case (_, .created(let created)):
            self = .onSale(ProductDetails(created))
        case (.onSale(var details), .repriced(let repriced)):
            details.price = repriced.price
            self = .onSale(details)
        case (.onSale(let details), .withdrawn):
            self = .withdrawn(details)
        case (.unknown, .repriced), (.unknown, .withdrawn), (.withdrawn, .repriced), (.withdrawn, .withdrawn):
            break
        }
    }
}

/// What is known about a product.
public struct ProductDetails: Sendable, Hashable {
    public var sku: SKU
    /// What customers see: 1 to 200 characters.
    public var name: String
    /// What one unit costs: zero or more.
    public var price: Money
    public var taxClass: ProductCreated.TaxClass

    public init(sku: SKU, name: String, price: Money, taxClass: ProductCreated.TaxClass) {
        self.sku = sku
        self.name = name
        self.price = price
        self.taxClass = taxClass
    }

    init(_ created: ProductCreated) {
        self.init(sku: created.sku, name: created.name, price: created.price, taxClass: created.taxClass)
    }

    var created: ProductCreated { ProductCreated(sku: sku, name: name, price: price, taxClass: taxClass) }
}
