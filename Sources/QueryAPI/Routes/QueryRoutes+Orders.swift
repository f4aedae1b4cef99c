internal import Commerce
internal import EventSourcing
internal import HTTPSupport
internal import Hummingbird

extension QueryRoutes {
    /// `GET /orders/{id}`
    @Sendable func order(_ request: APIRequest) async throws -> Response {
        let id = try request.identifier("id", as: OrderID.self)
        try await gate.wait(request, for: readModels.orderSummary)
        // A payment whose order has not come yet, from another log, is no order.
        guard let order = try await Document.find(id.rawValue, in: "order_summary", pool),
            let customer = order.customerID, isVisible(customer, to: request.principal)
        else { throw Problem.notFound("There is no such order.") }
        // The payment is in the document, too, and has a stream and revisions of its own.
        return order.response(to: request, tag: EntityTag(order.revision, mark: order.mark))
    }

    /// `GET /orders?number=…`: the order that has this number, if there is one.
    @Sendable func orders(_ request: APIRequest) async throws -> Response {
        let query = try request.query("number")
        guard let number = try query.value("number", "an order number", OrderNumber.init(validating:)) else {
            throw Problem.badRequest(.query(parameter: "number"), "is missing")
        }
        try await gate.wait(request, for: readModels.ordersByCustomer)
        try await gate.wait(request, for: readModels.orderSummary)
        let order = try await Document.find(
            "key = (SELECT order_id FROM read_models.orders_by_customer WHERE order_number = $1)", number.rawValue,
            in: "order_summary", pool)
        let visible = order.flatMap { isVisible($0.customerID, to: request.principal) ? $0 : nil }
        return .json(page("orders", visible.map { [Array($0.json.readableBytesView)] } ?? [], next: nil))
    }

    /// Customers do not learn whether somebody else's order is there.
    func isVisible(_ customerID: String?, to principal: Principal) -> Bool {
        guard let own = principal.ownCustomerOnly(unless: Self.insiders) else { return true }
        return customerID == own
    }
}
