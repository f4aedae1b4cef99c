internal import Commerce
internal import EventSourcing
internal import HTTPSupport
internal import Orders
internal import Payments

extension CommandRoutes {
    /// `POST /payments/{orderId}/refunds`
    @Sendable func refundPayment(_ call: CommandCall) async throws -> CommandReply {
        let id = try call.identifier("orderId", as: OrderID.self)
        let (amount, reason) = try call.read { fields in
            fields.all(fields.required("amount", .money), fields.required("reason", .string))
        }
        // The tag that goes about is the order's, and has a mark.
        let expected = try call.expectedWithoutMark()
        guard try await call.state(of: id.rawValue, as: Order.self).details != nil else {
            throw Problem(Order.Refusal.notPlaced)
        }
        do {
            let receipt = try await payments.refund(
                id, amount, reason: reason, expecting: expected, call.context)
            return CommandReply(stream: Payment.category.stream(id.rawValue), receipt: receipt)
        } catch let refusal as Payment.Refusal {
            guard case .refusedByProvider = refusal else { throw Problem(refusal) }
            throw Problem(refusal, outcome: "It is on record as declined; another key asks for another refund.")
        } catch let pending as RefundPending {
            throw Problem.unavailable(
                code: "refundPending",
                """
                The refund is on record, and is seen through in any case. Send the same request again to learn how it \
                ended; another key would ask for another refund.
                """, cause: pending.description)
        } catch let error as CommandError<Payment.Refusal> {
            throw try call.problem(error)
        }
    }
}
