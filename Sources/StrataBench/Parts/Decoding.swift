internal import Commerce
internal import EventCodec
internal import EventSourcing
internal import Foundation
internal import Orders

/// Decoding an event of the shop: by generated code, and by Foundation's `JSONDecoder` into a struct of the same form.
struct Decoding: Part {
    static let name = "decoding"
    static let title = "Decoding an event"
    static let notes = "An `OrderPlaced` of one line, from its bytes into its type."

    private let window: Duration

    init(_: BenchDatabase, _ scale: Scale) { window = scale.window }

    var goals: [Goal] {
        [Goal("generated codec beside JSONDecoder", .ratio("generated codec", to: "JSONDecoder"), .atLeast(8))]
    }

    func measure(_ figures: inout Figures) {
        let decoder = JSONDecoder()
        let data = Data(Self.bytes)
        figures.add("JSONDecoder", .perSecond(perSecond { _ = try? decoder.decode(Placed.self, from: data) }))
        figures.add("generated codec", .perSecond(perSecond { _ = try? OrderPlaced(jsonBytes: Self.bytes) }))
    }

    private func perSecond(_ body: () -> Void) -> Double {
        let end = Window.now + window.nanoseconds
        var count = 0
        while Window.now < end {
            for _ in 0..<200 { body() }
            count += 200
        }
        return Double(count) / window.seconds
    }

    private struct Placed: Decodable {
        struct Amount: Decodable { var minorUnits: Int, currency: String }
        struct Line: Decodable { var sku: String, location: String, quantity: Int, unitPrice: Amount }
        var orderId: String, customerId: String, placedOn: String, lines: [Line], discount: Amount, total: Amount
        var cardToken: String
    }

    private static let bytes: [UInt8] = {
        let usd = Currency(rawValue: "USD")
        let price = Money(minorUnits: 1_177, currency: usd)
        let placed = OrderPlaced(
            orderID: OrderID(rawValue: "01a20521-723f-7a5d"), customerID: CustomerID(rawValue: "00001"),
            placedOn: CalendarDate(rawValue: "1997-01-01"),
            lines: [
                .init(sku: SKU(rawValue: "cd-1177"), location: .main, quantity: 1, unitPrice: price)
            ], discount: .zero(usd), total: price, cardToken: "tok_approve")
        return placed.jsonBytes
    }()
}
