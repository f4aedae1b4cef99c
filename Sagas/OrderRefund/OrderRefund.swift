internal import Commerce
public import EventSourcing
public import Payments

/// Sees a refund through that was requested: asks the provider, and records what it says.
///
/// Whoever requests a refund does this, too, and answers with it. The saga finishes what a process has left behind that
/// died in between. It waits for longer than a caller waits for the provider, so that a provider is not asked twice at the
/// same time; if it is, its key and the recording command's id make it one refund all the same.
public struct OrderRefund: Saga {
    public typealias Trigger = PaymentEvent

    public static let name: SagaName = "order-refund"
    public static let version = 1

    private let payments: PaymentService
    private let patience: Duration

    /// - Parameter patience: How long a refund is left to whoever requested it.
    public init(payments: PaymentService, patience: Duration = .seconds(25)) {
        self.payments = payments
        self.patience = patience
    }

    /// An order has many refunds, each with an instance: `<order id>:<request id>`.
    public static func key(startedBy event: Recorded<PaymentEvent>) -> String? {
        guard case .refundRequested(let request) = event.payload else { return nil }
        return "\(request.orderID):\(request.requestID)"
    }

    public var steps: [SagaStep<PaymentEvent>] {
        [
            SagaStep("settle refund", .retriable) { trigger, context in
                guard case .refundRequested(let request) = trigger.payload else { return }
                try await leave(request, since: trigger.event.recordedAt, context)
                try await settle(request, context)
            }
        ]
    }

    /// Returns when the refund is settled, or has been under way for too long.
    private func leave(
        _ request: PaymentRefundRequested, since requestedAt: Timestamp, _ context: SagaStepContext
    ) async throws {
        // Never longer than that, whatever two clocks say.
        let end = min(requestedAt, .now).advanced(by: patience)
        while Timestamp.now < end {
            let payment: Payment = try await context.state(of: request.orderID.rawValue)
            guard case .requested? = payment.refunds[request.requestID] else { return }
            try await Task.sleep(for: Self.pollInterval, clock: .continuous)
        }
    }

    private static var pollInterval: Duration { .milliseconds(500) }

    /// A refund that the provider has declined is settled: that is on record, and nothing is held for it any more.
    private func settle(_ request: PaymentRefundRequested, _ context: SagaStepContext) async throws {
        do {
            try await payments.settleRefund(request.requestID, of: request.orderID, context.command)
        } catch let refusal as Payment.Refusal {
            guard case .refusedByProvider = refusal else { throw refusal }
        }
    }
}
