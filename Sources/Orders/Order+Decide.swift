internal import Commerce

extension Order {
    /// What can be asked of an order.
    public enum Command: Sendable, Hashable {
        /// Takes the order down, without a promise yet.
        case place(PlaceOrder)
        /// Stock and payment are certain.
        case confirm
        /// Calls it off before it is shipped, for a reason of 1 to 500 characters.
        case cancel(reason: String)
        /// The shop cannot take it. Accepts that it was cancelled meanwhile.
        case reject(code: String, reason: String)
        /// It is on its way. Both texts have 1 to 100 characters.
        case ship(carrier: String?, tracking: String)
    }

    public func decide(_ command: Command) throws(Refusal) -> [OrderEvent] {
        switch command {
        case .place(let order): try place(order)
        case .confirm: try confirm()
        case .cancel(let reason): try cancel(reason)
        case .reject(let code, let reason): try reject(code, reason)
        case .ship(let carrier, let tracking): try ship(carrier, tracking)
        }
    }

    private func known() throws(Refusal) -> (Status, OrderPlaced) {
        guard let status, let details else { throw .notPlaced }
        return (status, details)
    }

    private func place(_ order: PlaceOrder) throws(Refusal) -> [OrderEvent] {
        if let details {
            guard details == order.placed else { throw .alreadyPlaced }
            return []
        }
        do throws(PlaceOrder.Flaw) { try order.check() } catch { throw .invalid(error) }
        return [.placed(order.placed)]
    }

    private func confirm() throws(Refusal) -> [OrderEvent] {
        let (status, details) = try known()
        switch status {
        case .placed: return [.confirmed(OrderConfirmed(orderID: details.orderID))]
        case .confirmed, .shipped: return []
        case .cancelled: throw .cancelled
        case .rejected: throw .rejected
        }
    }

    private func cancel(_ reason: String) throws(Refusal) -> [OrderEvent] {
        let (status, details) = try known()
        switch status {
        case .placed, .confirmed:
            guard reason.isText(1...500) else { throw .invalidReason }
            let wasConfirmed = status == .confirmed
            return [
                .cancelled(OrderCancelled(orderID: details.orderID, reason: reason, wasConfirmed: wasConfirmed))
            ]
        case .cancelled: return []
        case .rejected: throw .rejected
        case .shipped: throw .alreadyShipped
        }
    }

    /// The words are not checked: they come from the shop's own steps, and what undoes an order must not fail on them.
    private func reject(_ code: String, _ reason: String) throws(Refusal) -> [OrderEvent] {
        let (status, details) = try known()
        switch status {
        case .placed: return [.rejected(OrderRejected(orderID: details.orderID, reason: reason, code: code))]
        case .rejected, .cancelled: return []
        case .confirmed: throw .alreadyConfirmed
        case .shipped: throw .alreadyShipped
        }
    }

    private func ship(_ carrier: String?, _ tracking: String) throws(Refusal) -> [OrderEvent] {
        let (status, details) = try known()
        let shipped = OrderShipped(orderID: details.orderID, carrier: carrier, tracking: tracking)
        switch status {
        case .placed: throw .notConfirmed
        case .confirmed:
            guard tracking.isText(1...100), carrier?.isText(1...100) ?? true else { throw .invalidShipment }
            return [.shipped(shipped)]
        case .shipped:
            guard shipment == shipped else { throw .alreadyShipped }
            return []
        case .cancelled: throw .cancelled
        case .rejected: throw .rejected
        }
    }
}
