internal import EventSourcing
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import PostgresClient

/// Every query, with its address and who may ask it.
struct QueryRoutes: Sendable {
    /// Those who see every customer's orders.
    static let insiders: Roles = [.staff, .operatorRole, .auditor]

    let store: any StreamStore
    let pool: PostgresPool
    let gate: PositionGate
    let readModels: ReadModelSet

    func add(to routes: APIRoutes) {
        routes.on(.get, "products", for: .all, products)
        routes.on(.get, "products/{sku}", for: .all, product)
        routes.on(.get, "stock/{location}/{sku}", for: .all, stockLevel)
        routes.on(.get, "orders", for: .all, orders)
        routes.on(.get, "orders/{id}", for: .all, order)
        routes.on(.get, "orders/{id}/saga", for: Self.insiders, orderSaga)
        routes.on(.get, "customers/{id}/orders", for: .all, customerOrders)
        routes.on(.get, "sales", for: Self.insiders, sales)
        routes.on(.get, "streams/{name}/events", for: Self.insiders, streamEvents)
        routes.on(.get, "correlations/{id}/events", for: Self.insiders, correlatedEvents)
    }
}
