public import Commerce
public import EventSourcing

extension OrderEvent {
    /// The order's number, by which an order is found that has it already.
    public var tags: Set<EventTag> {
        guard case .placed(let placed) = self, let number = placed.orderNumber else { return [] }
        return [number.tag]
    }
}

extension OrderNumber {
    /// `order-number:PO-2026/114`
    public var tag: EventTag { EventTag("order-number", rawValue) }
}
