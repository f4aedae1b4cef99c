import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
import Testing

@Suite struct `Whatever is asked of a stock` {
    @Test(arguments: UInt64(1)...100)
    func `nothing is oversold, lost or counted twice`(_ seed: UInt64) throws {
        var random = Seeded(seed)
        var stock = Stock()
        var history: [StockEvent] = []
        var cameIn = 0
        var away: [OrderID: Int] = [:]
        for _ in 0..<300 {
            let events = (try? stock.decide(anyCommand(&random))) ?? []
            for event in events {
                stock.apply(event)
                cameIn += unitsIn(event)
                note(event, &away)
            }
            history += events
            #expect(stock.available >= 0 && stock.reserved >= 0, "seed \(seed)")
            #expect(stock.onHand == stock.available + stock.reserved, "seed \(seed)")
            #expect(stock.reserved == stock.reservations.values.reduce(0, +), "seed \(seed)")
            #expect(stock.onHand + away.values.reduce(0, +) == cameIn, "seed \(seed)")
            #expect(away.values.allSatisfy { $0 >= 0 }, "seed \(seed)")
        }
        #expect(Stock(folding: history) == stock, "seed \(seed)")
        #expect(try Stock(snapshot: stock.snapshot()) == stock, "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...20)
    func `asking again at once changes nothing`(_ seed: UInt64) throws {
        var random = Seeded(seed)
        var stock = Stock(folding: [received(100)])
        for _ in 0..<300 {
            let command = anyCommand(&random)
            if case .receive = command { continue }
            if case .adjust = command { continue }
            guard let events = try? stock.decide(command) else { continue }
            for event in events { stock.apply(event) }
            #expect(try stock.decide(command).isEmpty, "seed \(seed)")
        }
    }

    private func anyCommand(_ random: inout Seeded) -> Stock.Command {
        let order = OrderID(rawValue: String(Int.random(in: 1...20, using: &random)))
        let odd = [0, -1, Int.max, Int.min, 1_000_001].randomElement(using: &random) ?? 0
        let quantity = Int.random(in: 0..<20, using: &random) == 0 ? odd : Int.random(in: 1...8, using: &random)
        return switch Int.random(in: 0..<9, using: &random) {
        case 0: .receive(item, quantity: quantity)
        case 1: .adjust(item, delta: Bool.random(using: &random) ? quantity : 0 &- quantity, reason: "counted")
        case 2, 3, 4: .reserve(order, quantity: quantity)
        case 5: .release(order)
        case 6, 7: .commit(order)
        default: .returnStock(order, quantity: quantity)
        }
    }

    private func note(_ event: StockEvent, _ away: inout [OrderID: Int]) {
        switch event {
        case .reservationCommitted(let event): away[event.orderID, default: 0] += event.quantity
        case .returned(let event): away[event.orderID, default: 0] -= event.quantity
        case .received, .adjusted, .reserved, .reservationReleased: break
        }
    }

    private func unitsIn(_ event: StockEvent) -> Int {
        switch event {
        case .received(let event): event.quantity
        case .adjusted(let event): event.delta
        case .reserved, .reservationReleased, .reservationCommitted, .returned: 0
        }
    }
}

@Suite struct `A stock that many orders have passed through` {
    private let many: Stock = {
        var stock = Stock(folding: [received(50_000)])
        for number in 1...10_000 {
            let order = OrderID(rawValue: String(number))
            stock.apply(reserved(order, 2))
            stock.apply(committed(order, 2))
        }
        return stock
    }()

    @Test func `stays small`() throws {
        #expect(try many.snapshot().count < 50_000)
    }

    @Test func `still tells a repeat of its newest orders`() throws {
        #expect(try many.decide(.commit(OrderID(rawValue: "9500"))).isEmpty)
        #expect(throws: Stock.Refusal.alreadyCommitted) { try many.decide(.release(OrderID(rawValue: "9500"))) }
    }

    @Test func `takes back its oldest orders on their word`() throws {
        let oldest = OrderID(rawValue: "1")
        #expect(try many.decide(.returnStock(oldest, quantity: 2)) == [returned(oldest, 2)])
        var after = many
        after.apply(returned(oldest, 2))
        #expect(after.onHand == many.onHand + 2)
        #expect(try after.decide(.returnStock(oldest, quantity: 2)).isEmpty)
    }

    @Test func `takes back no more than has left for its forgotten orders`() throws {
        let (one, another) = (OrderID(rawValue: "1"), OrderID(rawValue: "2"))
        #expect(throws: Stock.Refusal.notCommitted) { try many.decide(.returnStock(one, quantity: 18_001)) }
        var after = many
        after.apply(returned(one, 18_000))
        #expect(throws: Stock.Refusal.notCommitted) { try after.decide(.returnStock(another, quantity: 1)) }
    }
}

@Suite struct `A stock's history` {
    @Test func `is folded whatever it holds`() {
        let odd = [
            received(.max), received(.max), adjusted(.min), reserved(first, .max), reserved(second, .max),
            committed(first, .max), released(second, 1), returned(first, .min), committed(first, 1),
        ]
        _ = Stock(folding: odd).available
    }
}
