public import Catalog
public import Commerce
public import EventSourcing

/// The products as they are now, one row for each SKU.
public struct ProductList: Projection {
    public typealias Event = ProductEvent

    public static let name: ProjectionName = "products"
    public static let version = 1

    public var sku: SKU?
    public var name = ""
    public var price: Money?
    public var taxClass = ""
    public var status = "active"
    public var revision: Int64 = 0

    public init() {}

    public mutating func apply(_ recorded: Recorded<ProductEvent>) {
        revision = recorded.event.revision.rawValue
        switch recorded.payload {
        case .created(let event):
            sku = event.sku
            name = event.name
            price = event.price
            taxClass = event.taxClass.rawValue
        case .repriced(let event): price = event.price
        case .withdrawn: status = "withdrawn"
        }
    }
}
