internal import Commerce
public import EventSourcing
public import Orders
public import Payments

/// Gives back the money and the stock of an order that was cancelled after it was confirmed.
///
/// An order that is cancelled before that is undone by its ``OrderFulfilment``.
public struct OrderCancellation: Saga {
    public typealias Trigger = OrderEvent

    public static let name: SagaName = "order-cancellation"
    public static let version = 1

    private let payments: PaymentService

    public init(payments: PaymentService) { self.payments = payments }

    public static func key(startedBy event: Recorded<OrderEvent>) -> String? {
        guard case .cancelled(let order) = event.payload, order.wasConfirmed else { return nil }
        return order.orderID.rawValue
    }

    public var steps: [SagaStep<OrderEvent>] {
        [
            SagaStep("give back payment", .retriable) { trigger, context in
                let order = try await order(trigger, context)
                guard !order.total.isZero else { return }
                try await payments.giveBack(
                    order.orderID, reason: "the order was cancelled", context.afresh.command)
            },
            SagaStep("return stock", .retriable) { trigger, context in
                let order = try await order(trigger, context)
                for line in order.lines { try await context.returnStock(line, of: order.orderID) }
            },
        ]
    }

    /// The order as it was placed, which the event that starts this saga does not hold.
    private func order(_ trigger: Recorded<OrderEvent>, _ context: SagaStepContext) async throws -> OrderPlaced {
        let id = trigger.event.stream.id
        guard let details = try await context.state(of: id, as: Order.self).details else {
            throw SagaRefusal(code: "unknownOrder", reason: "the order \(id) was never placed")
        }
        return details
    }
}
