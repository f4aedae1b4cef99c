public import Commerce

extension Stock {
    /// The most units that one command moves.
    public static let quantityMax = 1_000_000
    /// The most units that can be received at one location.
    public static let onHandMax = 1_000_000_000

    /// What can be asked of a stock. Quantities are 1 to ``quantityMax``.
    public enum Command: Sendable, Hashable {
        /// Units have arrived.
        case receive(StockItem, quantity: Int)
        /// A count is put right by `delta`, which is not 0, for a reason of 1 to 500 characters.
        case adjust(StockItem, delta: Int, reason: String)
        /// Sets units aside for an order that has not given any up.
        case reserve(OrderID, quantity: Int)
        /// Gives up what was set aside for an order, for good; accepts that nothing was.
        case release(OrderID)
        /// Takes what was set aside for an order out of the stock.
        case commit(OrderID)
        /// Undoes a commit; accepts that it never happened.
        ///
        /// The command carries the quantity because the stock remembers only its newest orders.
        case returnStock(OrderID, quantity: Int)
    }

    public func decide(_ command: Command) throws(Refusal) -> [StockEvent] {
        switch command {
        case .receive(let item, let quantity): try receive(item, quantity)
        case .adjust(let item, let delta, let reason): try adjust(item, delta, reason)
        case .reserve(let order, let quantity): try reserve(order, quantity)
        case .release(let order): try release(order)
        case .commit(let order): try commit(order)
        case .returnStock(let order, let quantity): try returnStock(order, quantity)
        }
    }

    private func receive(_ item: StockItem, _ quantity: Int) throws(Refusal) -> [StockEvent] {
        try requireQuantity(quantity)
        guard onHand &+ quantity <= Self.onHandMax else { throw .overfull }
        return [.received(StockReceived(sku: item.sku, location: item.location, quantity: quantity))]
    }

    private func adjust(_ item: StockItem, _ delta: Int, _ reason: String) throws(Refusal) -> [StockEvent] {
        guard delta != 0, (-Self.quantityMax...Self.quantityMax).contains(delta) else { throw .invalidQuantity }
        guard reason.isText(1...500) else { throw .invalidReason }
        guard onHand &+ delta >= reserved else { throw .belowReserved(reserved: reserved) }
        guard delta < 0 || onHand &+ delta <= Self.onHandMax else { throw .overfull }
        return [.adjusted(StockAdjusted(sku: item.sku, location: item.location, delta: delta, reason: reason))]
    }

    private func reserve(_ order: OrderID, _ quantity: Int) throws(Refusal) -> [StockEvent] {
        try requireQuantity(quantity)
        if let known = reservations[order] ?? finished[order] {
            guard known > 0 else { throw .released }
            guard known == quantity else { throw .differentQuantity(known) }
            return []
        }
        guard let item, quantity <= available else { throw .insufficientStock(available: available) }
        return [
            .reserved(StockReserved(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
        ]
    }

    /// An order that is not known is released, too: its reservation may be under way, and must not come after this.
    private func release(_ order: OrderID) throws(Refusal) -> [StockEvent] {
        if reservations[order] == nil, let away = finished[order] {
            guard away == 0 else { throw .alreadyCommitted }
            return []
        }
        guard let item else { return [] }
        let quantity = reservations[order] ?? 0
        return [
            .reservationReleased(
                ReservationReleased(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
        ]
    }

    private func commit(_ order: OrderID) throws(Refusal) -> [StockEvent] {
        guard let item, let quantity = reservations[order] else {
            guard finished[order] ?? 0 > 0 else { throw .notReserved }
            return []
        }
        return [
            .reservationCommitted(
                ReservationCommitted(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
        ]
    }

    /// An order that is forgotten is taken at its word, within the units that left for forgotten orders. A repeat of a
    /// return that is forgotten too is stopped by its command id.
    private func returnStock(_ order: OrderID, _ quantity: Int) throws(Refusal) -> [StockEvent] {
        try requireQuantity(quantity)
        guard reservations[order] == nil else { return [] }
        if let known = finished[order] {
            guard known > 0 else { return [] }
            guard known == quantity else { throw .differentQuantity(known) }
        } else {
            guard quantity <= finished.unitsForgotten else { throw .notCommitted }
        }
        guard let item else { throw .notCommitted }
        return [
            .returned(StockReturned(sku: item.sku, location: item.location, orderID: order, quantity: quantity))
        ]
    }

    private func requireQuantity(_ quantity: Int) throws(Refusal) {
        guard (1...Self.quantityMax).contains(quantity) else { throw .invalidQuantity }
    }
}
