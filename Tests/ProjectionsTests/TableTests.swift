import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
import Orders
import Payments
import Projections
import Runtime
import Testing

@Suite struct `The orders of customers` {
    private let model = OrdersByCustomer()

    @Test func `stand where their last event has left them`() async throws {
        var history = History()
        try history.order("1", placed("1"))
        try history.order(
            "2", placed("2", by: "ALFKI", on: "1996-07-05", 5, total: eur(2_000), number: "PO-2"), confirmed("2"))
        try history.order("3", placed("3"), confirmed("3"), shipped("3"))
        try history.order("4", placed("4"), confirmed("4"), cancelled("4"))
        try history.order("5", placed("5"), rejected("5"))
        try await Tables.with { tables in
            let rows = try await tables.rows(model, history.events)
            #expect(
                rows["orders_by_customer"] == [
                    "(ALFKI,2,PO-2,1996-07-05,confirmed,6,2000,EUR)", "(VINET,1,,1996-07-04,placed,4,1000,USD)",
                    "(VINET,3,,1996-07-04,shipped,4,1000,USD)", "(VINET,4,,1996-07-04,cancelled,4,1000,USD)",
                    "(VINET,5,,1996-07-04,rejected,4,1000,USD)",
                ])
        }
    }

    @Test func `are the same wherever the batches end`() async throws {
        var history = History()
        try history.order("1", placed("1"), confirmed("1"))
        try history.order("2", placed("2"), rejected("2"))
        try history.order("1", shipped("1"))
        try history.order("3", placed("3"), confirmed("3"), cancelled("3"))
        try await expectSameRows(model, history)
    }
}

/// Whoever may append to the log may write such events, and a read model that fails at one stands still.
@Suite struct `Events that no command has decided` {
    @Test func `stop no read model by a day that never was`() async throws {
        var history = History()
        try history.order("1", placed("1", on: "0000-02-30"), confirmed("1"))
        try history.order("2", placed("2", on: "1996-07-04\u{301}"), confirmed("2"))
        try await Tables.with { tables in
            let orders = try await tables.rows(OrdersByCustomer(), history.events)
            #expect(
                orders["orders_by_customer"] == [
                    "(VINET,1,,0001-01-01,confirmed,4,1000,USD)", "(VINET,2,,0001-01-01,confirmed,4,1000,USD)",
                ])
            let sales = try await tables.rows(SalesByDay(), history.events)
            #expect(sales["sales_by_day"] == ["(0001-01-01,USD,2,8,2000,0)"])
        }
    }

    @Test(arguments: [Int(Int64.max), Int(Int64.min)])
    func `stop no read model by sums that do not fit`(end: Int) async throws {
        var history = History()
        for id in ["1", "2", "3"] { try history.order(id, placed(id, total: usd(end)), confirmed(id)) }
        try history.payment("1", refunded("1", usd(end), 1), refunded("1", usd(end), 2), refunded("1", usd(end), 3))
        try history.payment("2", refunded("2", usd(end), 1))
        try await Tables.with { tables in
            for boundaries in [[], Array(1..<history.events.count)] {
                let rows = try await tables.rows(SalesByDay(), history.events, boundaries: boundaries)
                #expect(rows["sales_by_day"] == ["(1996-07-04,USD,3,12,\(end),\(end))"])
            }
        }
    }

    @Test func `stop no read model by confirming an order of which there is a refund alone`() async throws {
        var history = History()
        try history.payment("1", refunded("1", usd(300)))
        try history.order("1", confirmed("1"))
        try await Tables.with { tables in
            let rows = try await tables.rows(SalesByDay(), history.events)
            #expect(rows["sales_by_day"] == [])
        }
    }
}

@Suite struct `The rows of a keyed read model` {
    /// `é` as one scalar and as `e` with an accent: one text to Swift, and two to the table.
    @Test func `are told apart as the table does it, also in one batch`() async throws {
        var history = History()
        for id in ["caf\u{E9}", "cafe\u{301}"] { try history.order(id, placed(id)) }
        try await Tables.with { tables in
            let rows = try await tables.rows(KeyedReadModel(OrderSummary.self), history.events)
            #expect(rows["order_summary"]?.count == 2)
        }
    }
}

@Suite struct `The sales of a day` {
    private let model = SalesByDay()

    @Test func `are the orders that were confirmed, by day and currency`() async throws {
        var history = History()
        try history.order("1", placed("1"), confirmed("1"))
        try history.order("2", placed("2", 5, total: usd(2_500)), confirmed("2"))
        try history.order("3", placed("3", total: eur(100)), confirmed("3"))
        try history.order("4", placed("4", on: "1996-07-05"), confirmed("4"), shipped("4"))
        try history.order("5", placed("5"), rejected("5"))
        try history.order("6", placed("6"))
        try await Tables.with { tables in
            let rows = try await tables.rows(model, history.events)
            #expect(
                rows["sales_by_day"] == [
                    "(1996-07-04,EUR,1,4,100,0)", "(1996-07-04,USD,2,10,3500,0)", "(1996-07-05,USD,1,4,1000,0)",
                ])
        }
    }

    @Test func `are less what was refunded`() async throws {
        var history = History()
        try history.order("1", placed("1"), confirmed("1"))
        try history.order("2", placed("2"), confirmed("2"))
        try history.payment("1", refunded("1", usd(300), 1), refunded("1", usd(200), 2))
        try history.payment("2", refunded("2", usd(1_000)))
        try await Tables.with { tables in
            let rows = try await tables.rows(model, history.events)
            #expect(rows["sales_by_day"] == ["(1996-07-04,USD,2,8,2000,1500)"])
        }
    }

    @Test func `know nothing of money that went back before an order was confirmed at all`() async throws {
        var history = History()
        try history.order("1", placed("1"), confirmed("1"))
        try history.order("2", placed("2"))
        try history.payment("2", authorised("2", usd(1_000)), captured("2", usd(1_000)), refunded("2", usd(1_000)))
        try history.order("2", cancelled("2"))
        try await Tables.with { tables in
            let rows = try await tables.rows(model, history.events)
            #expect(rows["sales_by_day"] == ["(1996-07-04,USD,1,4,1000,0)"])
        }
    }

    @Test func `know of money that went back before an order was confirmed after all`() async throws {
        var history = History()
        try history.order("1", placed("1"))
        try history.payment("1", refunded("1", usd(300)))
        try history.order("1", confirmed("1"))
        try await Tables.with { tables in
            let rows = try await tables.rows(model, history.events)
            #expect(rows["sales_by_day"] == ["(1996-07-04,USD,1,4,1000,300)"])
        }
    }

    @Test func `are the same wherever the batches end`() async throws {
        var history = History()
        try history.order("1", placed("1"))
        try history.order("2", placed("2"))
        try history.payment("1", refunded("1", usd(300), 1))
        try history.order("1", confirmed("1"))
        try history.payment("1", refunded("1", usd(200), 2), refunded("1", usd(100), 3))
        try history.order("2", confirmed("2"))
        try history.payment("2", refunded("2", usd(1_000)))
        try await expectSameRows(model, history)
    }

    /// No aggregate decides this, and a log may hold it all the same.
    @Test func `count an order once, as it was placed first`() async throws {
        var history = History()
        try history.order("1", placed("1"), placed("1", on: "1996-07-05", 9, total: usd(9_000)))
        try history.order("1", confirmed("1"), confirmed("1"), placed("1", on: "1996-07-06"), confirmed("1"))
        try history.payment("2", refunded("2", usd(100)))
        try history.order("2", confirmed("2"), placed("2"))
        try history.payment("2", refunded("2", usd(200)))
        try await expectSameRows(model, history)
        try await Tables.with { tables in
            let rows = try await tables.rows(model, history.events)
            #expect(rows["sales_by_day"] == ["(1996-07-04,USD,1,4,1000,0)"])
        }
    }
}

/// Expects one batch, a batch for each event, two batches cut at every position, and batches cut anywhere to lead to
/// the same rows.
private func expectSameRows(_ model: some ReadModel, _ history: History) async throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    let events = history.events
    var cuts = [Array(1..<events.count)] + (1..<events.count).map { [$0] }
    for _ in 0..<20 { cuts.append((1..<events.count).filter { _ in Bool.random(using: &random) }) }
    try await Tables.with { tables in
        let whole = try await tables.rows(model, events)
        for boundaries in cuts {
            let rows = try await tables.rows(model, events, boundaries: boundaries)
            #expect(rows == whole, "batches that end before \(boundaries), seed \(seed)")
        }
    }
}
