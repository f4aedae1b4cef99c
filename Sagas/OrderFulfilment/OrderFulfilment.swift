internal import Commerce
public import EventSourcing
internal import Inventory
public import Orders
public import Payments

/// Takes an order from placed to confirmed: reserves its stock, authorises and captures its payment, and undoes all of
/// it when a step is refused.
///
/// An order may be cancelled while this is under way. Its confirmation, the last step, is then refused, and everything
/// before it is undone.
public struct OrderFulfilment: Saga {
    public typealias Trigger = OrderEvent

    public static let name: SagaName = "order-fulfilment"
    /// 2: stock is committed once, whichever epoch asks for it, and what was never committed is not returned.
    public static let version = 2

    private let payments: PaymentService

    public init(payments: PaymentService) { self.payments = payments }

    public static func key(startedBy event: Recorded<OrderEvent>) -> String? {
        if case .placed(let order) = event.payload { order.orderID.rawValue } else { nil }
    }

    public var steps: [SagaStep<OrderEvent>] { steps(committing: commitStock) }

    public func steps(ofVersion version: Int) -> [SagaStep<OrderEvent>]? {
        switch version {
        case 1: steps(committing: commitStockOfVersion1)
        case Self.version: steps
        default: nil
        }
    }

    private func steps(committing commitStock: SagaStep<OrderEvent>) -> [SagaStep<OrderEvent>] {
        [
            // Undone last: an order is rejected when neither stock nor money is held for it any more.
            step("take order", .compensatable, action: nil) { order, context in
                try await reject(order, context)
            },
            step("reserve stock", .compensatable) { order, context in
                try await forEachLine(of: order) { line in
                    try await context.execute(
                        .reserve(order.orderID, quantity: line.quantity), on: stockID(line), as: Stock.self)
                }
            } undo: { order, context in
                try await forEachLine(of: order) { line in
                    try await context.execute(.release(order.orderID), on: stockID(line), as: Stock.self)
                }
            },
            step("authorise payment", .compensatable) { order, context in
                guard !order.total.isZero else { return }
                try await payments.authorise(order.orderID, order.total, cardToken: order.cardToken, context.command)
            } undo: { order, context in
                guard !order.total.isZero else { return }
                // A provider repeats its "no" to a void under the void's key.
                try await payments.giveBack(order.orderID, reason: reason(context), context.afresh.command)
            },
            commitStock,
            step("capture payment", .compensatable) { order, context in
                guard !order.total.isZero else { return }
                try await payments.capture(order.orderID, order.total, context.command)
            },
            // Confirmed by nothing else, and an order that is not cannot be shipped or cancelled.
            step("confirm order", .pivot, canBeSkipped: false) { order, context in
                try await context.execute(.confirm, on: order.orderID.rawValue, as: Order.self)
            },
        ]
    }

    private var commitStock: SagaStep<OrderEvent> {
        step("commit stock", .compensatable) { order, context in
            try await forEachLine(of: order) { line in
                try await context.commitStock(line, of: order.orderID)
            }
        } undo: { order, context in
            try await forEachLine(of: order) { line in
                try await context.undoCommit(line, of: order.orderID)
            }
        }
    }

    /// As it was, for instances that may have committed under ids of their epoch.
    private var commitStockOfVersion1: SagaStep<OrderEvent> {
        step("commit stock", .compensatable) { order, context in
            try await forEachLine(of: order) { line in
                try await context.afresh.execute(.commit(order.orderID), on: stockID(line), as: Stock.self)
            }
        } undo: { order, context in
            // Whatever was reserved by then was intended to be committed, so a stock that has forgotten the order
            // may take it at its word. What is still reserved is released later.
            try await forEachLine(of: order) { line in
                try await context.returnStock(line, of: order.orderID)
            }
        }
    }

    /// A step that works on the order that was placed.
    private func step(
        _ name: String, _ kind: SagaStep<OrderEvent>.Kind, canBeSkipped: Bool = true,
        action: (@Sendable (OrderPlaced, SagaStepContext) async throws -> Void)?,
        undo: (@Sendable (OrderPlaced, SagaStepContext) async throws -> Void)? = nil
    ) -> SagaStep<OrderEvent> {
        func onOrder(_ work: @escaping @Sendable (OrderPlaced, SagaStepContext) async throws -> Void)
            -> SagaStep<OrderEvent>.Work
        {
            { trigger, context in
                guard case .placed(let order) = trigger.payload else { return }
                try await work(order, context)
            }
        }
        return SagaStep(
            name, kind, canBeSkipped: canBeSkipped, action: action.map(onOrder), undo: undo.map(onOrder))
    }
}

private func stockID(_ line: OrderPlaced.Line) -> String { Stock.id(line.sku, line.location) }

extension SagaStepContext {
    /// Units of an order leave once: a stock that has forgotten the order finds nothing reserved, and goes by the
    /// command's id, also after an operator has resumed the instance.
    fileprivate func commitStock(_ line: OrderPlaced.Line, of order: OrderID) async throws {
        try await once("commit stock of \(order)").execute(.commit(order), on: stockID(line), as: Stock.self)
    }

    /// Returns units that were committed, and no others.
    ///
    /// Committing them under the same id tells which: what was committed is found by the id, what is still reserved is
    /// committed now, and what was never reserved is refused. A commit that comes late is then the repeat of this one.
    fileprivate func undoCommit(_ line: OrderPlaced.Line, of order: OrderID) async throws {
        do {
            try await commitStock(line, of: order)
        } catch let refusal as SagaRefusal where refusal.code == Stock.Refusal.notReserved.code {
            return
        }
        try await returnStock(line, of: order)
    }

    /// Units of an order come back once: the stock remembers its newest orders only, and then goes by the command's id.
    func returnStock(_ line: OrderPlaced.Line, of order: OrderID) async throws {
        try await once("return stock of \(order)").execute(
            .returnStock(order, quantity: line.quantity), on: Stock.id(line.sku, line.location), as: Stock.self)
    }
}

private func reason(_ context: SagaStepContext) -> String { context.refusal?.reason ?? "the order was undone" }

/// Lines are of different stock: they are worked on side by side.
private func forEachLine(
    of order: OrderPlaced, _ work: @escaping @Sendable (OrderPlaced.Line) async throws -> Void
) async throws {
    if order.lines.count == 1 { return try await work(order.lines[0]) }
    try await withThrowingTaskGroup(of: Void.self) { group in
        for line in order.lines { group.addTask { try await work(line) } }
        // Every line is given its chance before one of them fails the step: what runs on could not be undone.
        var failure: (any Error)?
        while let result = await group.nextResult() {
            if case .failure(let error) = result { failure = error }
        }
        if let failure { throw failure }
    }
}

private func reject(_ order: OrderPlaced, _ context: SagaStepContext) async throws {
    let refusal = context.refusal ?? SagaRefusal(code: "undone", reason: "the order was undone")
    try await context.execute(
        .reject(code: refusal.code, reason: refusal.reason), on: order.orderID.rawValue, as: Order.self)
}
