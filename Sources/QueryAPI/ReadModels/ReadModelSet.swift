public import Runtime

/// The read models that the query API answers from.
public struct ReadModelSet: Sendable {
    let products: any ReadModel
    let orderSummary: any ReadModel
    let ordersByCustomer: any ReadModel
    let stockLevels: any ReadModel
    let salesByDay: any ReadModel
    let sagaInstances: any ReadModel

    public init(
        products: any ReadModel, orderSummary: any ReadModel, ordersByCustomer: any ReadModel,
        stockLevels: any ReadModel, salesByDay: any ReadModel, sagaInstances: any ReadModel
    ) {
        self.products = products
        self.orderSummary = orderSummary
        self.ordersByCustomer = ordersByCustomer
        self.stockLevels = stockLevels
        self.salesByDay = salesByDay
        self.sagaInstances = sagaInstances
    }
}
