internal import Commerce
internal import EventSourcing
internal import HTTPSupport
internal import Orders

extension CommandRoutes {
    /// `POST /orders`
    @Sendable func placeOrder(_ call: CommandCall) async throws -> CommandReply {
        let request = try call.read(OrderRequest.init)
        try request.require(allowedTo: call.principal)
        // The client's key names the order, too: its repeat is about the same order.
        let id = OrderID(rawValue: EventID.derived(from: "order", call.principal.caller, call.key.text).description)
        let order = try await order(id, request, call)
        let reply =
            if let number = request.number {
                try await place(PlaceNumberedOrder(order, number: number), call)
            } else {
                try await call.execute(.place(order), on: id.rawValue, as: Order.self)
            }
        return reply.created(at: "/orders/\(id)", orderID: id.rawValue)
    }

    private func place(_ decision: PlaceNumberedOrder, _ call: CommandCall) async throws -> CommandReply {
        try await call.execute(decision, recordingIn: decision.stream)
    }

    private func order(_ id: OrderID, _ request: OrderRequest, _ call: CommandCall) async throws -> PlaceOrder {
        do {
            return try request.order(id, lines: try await OrderPricing(prices).lines(request.lines))
        } catch let problem as Problem {
            // A product may have gone off sale since, and a repeat is answered all the same.
            guard let placed = try await call.state(of: id.rawValue, as: Order.self).details else { throw problem }
            return PlaceOrder(placed)
        }
    }

    /// `POST /orders/{id}/cancel`
    @Sendable func cancelOrder(_ call: CommandCall) async throws -> CommandReply {
        let id = try call.identifier("id", as: OrderID.self)
        let reason = try call.read { $0.all($0.required("reason", .string)) }
        if let customer = call.principal.ownCustomerOnly(unless: [.staff, .operatorRole]) {
            let owner = try await call.state(of: id.rawValue, as: Order.self).details?.customerID
            guard owner?.rawValue == customer else { throw Problem(Order.Refusal.notPlaced) }
        }
        return try await call.execute(.cancel(reason: reason), on: id.rawValue, as: Order.self)
    }

    /// `POST /orders/{id}/ship`
    @Sendable func shipOrder(_ call: CommandCall) async throws -> CommandReply {
        let id = try call.identifier("id", as: OrderID.self)
        let (carrier, tracking) = try call.read { fields in
            fields.all(fields.optional("carrier", .string), fields.required("tracking", .string))
        }
        return try await call.execute(
            .ship(carrier: carrier, tracking: tracking), on: id.rawValue, as: Order.self)
    }
}

extension PlaceOrder {
    /// The order as it was placed.
    fileprivate init(_ placed: OrderPlaced) {
        self.init(
            orderID: placed.orderID, customerID: placed.customerID, placedOn: placed.placedOn, lines: placed.lines,
            discount: placed.discount, total: placed.total, cardToken: placed.cardToken)
    }
}
