internal import Commerce
public import EventSourcing
public import Payments

/// Sees a refund through that was requested: asks the provider, and records what it says.
///
/// Whoever requests a refund does this, too, and answers with it. The saga finishes what a process has left behind that
/// died in between; where both are at work the provider's key and the recording command's id make it one refund.
public struct OrderRefund: Saga {
    public typealias Trigger = PaymentEvent

    public static let name: SagaName = "order-refund"
    public static let version = 1

    private let payments: PaymentService

    public init(payments: PaymentService) { self.payments = payments }

    /// An order has many refunds, each with an instance: `<order id>:<request id>`.
    public static func key(startedBy event: Recorded<PaymentEvent>) -> String? {
        guard case .refundRequested(let request) = event.payload else { return nil }
        return "\(request.orderID):\(request.requestID)"
    }

    public var steps: [SagaStep<PaymentEvent>] {
        [
            SagaStep("settle refund", .retriable) { trigger, context in
                guard case .refundRequested(let request) = trigger.payload else { return }
                try await settle(request, context)
            }
        ]
    }

    /// A refund that the provider has declined is settled: that is on record, and nothing is held for it any more.
    private func settle(_ request: PaymentRefundRequested, _ context: SagaStepContext) async throws {
        do {
            try await payments.settleRefund(request.requestID, of: request.orderID, context.command)
        } catch let refusal as Payment.Refusal {
            guard case .refusedByProvider = refusal else { throw refusal }
        }
    }
}
