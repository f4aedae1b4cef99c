internal import EventSourcing
public import Runtime

/// The read models of the shop.
public enum ShopReadModels {
    public static let products = KeyedReadModel(ProductList.self)
    public static let orderSummary = KeyedReadModel(OrderSummary.self)
    public static let stockLevels = KeyedReadModel(StockLevels.self)
    public static let ordersByCustomer = OrdersByCustomer()
    public static let salesByDay = SalesByDay()
    public static let sagaInstances = SagaInstances()

    /// All of them.
    public static let all: [any ReadModel] = [
        products, orderSummary, stockLevels, ordersByCustomer, salesByDay, sagaInstances,
    ]

    /// The read model of this name, if there is one.
    public static func named(_ name: String) -> (any ReadModel)? { all.first { $0.name.rawValue == name } }
}
