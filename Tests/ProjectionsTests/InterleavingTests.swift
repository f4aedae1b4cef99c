import Commerce
import EventSourcing
import EventSourcingTesting
import Inventory
import Orders
import Payments
import Projections
import Runtime
import Testing

/// Orders, payments and stock may lie in different logs, whose events reach a read model in any order between them.
@Suite struct `A read model of the shop` {
    @Test(arguments: ShopReadModels.all.map(\.name.rawValue))
    func `has the same rows whichever stream is seen first`(_ name: String) async throws {
        let model = try #require(ShopReadModels.named(name))
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        let streams = try Self.streams()
        try await Tables.with { tables in
            let expected = try await tables.rows(model, Self.inOrder(streams))
            for _ in 0..<12 {
                let events = Self.interleaved(streams, &random)
                let cuts = (1..<events.count).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
                #expect(try await tables.rows(model, events, boundaries: cuts) == expected, "seed \(seed)")
            }
        }
    }

    /// Each stream's events, in its order. Times are those of what happened, wherever it is recorded.
    private static func streams() throws -> [[RecordedEvent]] {
        var streams: [[RecordedEvent]] = []
        var time: Int64 = 0
        func add(_ name: StreamName, _ payloads: [any EventPayload]) throws {
            let log = LogName(rawValue: name.category) ?? .main
            streams.append(
                try payloads.enumerated().map { index, payload in
                    time += 1_000_000
                    let new = try NewEvent(payload, metadata: EventMetadata(correlationID: .make(), actor: "test"))
                    return RecordedEvent(
                        new, log: log, position: Position(rawValue: time), stream: name,
                        revision: Revision(rawValue: Int64(index)),
                        recordedAt: Timestamp(microsecondsSince1970: time))
                })
        }
        try add(orderStream("1"), [placed("1"), confirmed("1"), shipped("1")])
        try add(paymentStream("1"), [authorised("1", usd(1_000)), captured("1", usd(1_000)), refunded("1", usd(300))])
        try add(orderStream("2"), [placed("2", on: "1996-07-05"), confirmed("2"), cancelled("2")])
        try add(
            paymentStream("2"),
            [
                authorised("2", usd(1_000)), captured("2", usd(1_000)), refunded("2", usd(400)),
                refunded("2", usd(600), 2),
            ])
        try add(orderStream("3"), [placed("3"), rejected("3")])
        try add(
            paymentStream("3"), [authorised("3", usd(1_000)), captured("3", usd(1_000)), refunded("3", usd(1_000))])
        for order in ["1", "2"] {
            let item = StockItem(sku: chai, location: LocationID(rawValue: order))
            try add(
                Stock.category.stream(item.id),
                [StockEvent.received(StockReceived(sku: chai, location: item.location, quantity: 10))])
        }
        return streams
    }

    private static func inOrder(_ streams: [[RecordedEvent]]) -> [RecordedEvent] {
        streams.flatMap { $0 }.sorted { $0.recordedAt < $1.recordedAt }
    }

    private static func interleaved(_ streams: [[RecordedEvent]], _ random: inout Seeded) -> [RecordedEvent] {
        var queues = streams.map { $0[...] }
        var events: [RecordedEvent] = []
        while let index = queues.indices.filter({ !queues[$0].isEmpty }).randomElement(using: &random) {
            events.append(queues[index].removeFirst())
        }
        return events
    }
}
