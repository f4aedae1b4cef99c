public import Commerce
public import EventSourcing

/// Places an order under a number that no other order of the shop has, or ever had: one that was cancelled keeps its
/// number.
///
/// An order alone cannot know the numbers of the others, so this is decided from every order that was placed under the
/// number, whatever its stream.
public struct PlaceNumberedOrder: Decision {
    public typealias Event = OrderEvent
    public typealias Refusal = Order.Refusal

    private let placed: OrderPlaced
    private let order: PlaceOrder
    private let number: OrderNumber
    private var holder: OrderPlaced?

    public init(_ order: PlaceOrder, number: OrderNumber) {
        self.order = order
        self.number = number
        var placed = order.placed
        placed.orderNumber = number
        self.placed = placed
    }

    /// The stream of the order.
    public var stream: StreamName { Order.category.stream(order.orderID.rawValue) }

    /// Where orders are spread over several logs by a hash, none can have a number.
    public var home: StreamName? { stream }

    public var query: EventQuery { EventQuery(tagged: number.tag, types: [OrderPlaced.eventType]) }

    public mutating func apply(_ recorded: Recorded<OrderEvent>) {
        if case .placed(let placed) = recorded.payload { holder = placed }
    }

    public func decide() throws(Order.Refusal) -> [DecidedEvents<OrderEvent>] {
        if let holder {
            guard holder == placed else { throw .orderNumberTaken }
            return []
        }
        do throws(PlaceOrder.Flaw) { try order.check() } catch { throw .invalid(error) }
        return [DecidedEvents(.placed(placed), to: stream, expecting: .noStream)]
    }
}
