import Commerce
import EventCodec
import Testing

@Suite struct `Amounts of money` {
    private let dollar: Currency = .init(rawValue: "USD")

    private func usd(_ minorUnits: Int) -> Money { Money(minorUnits: minorUnits, currency: dollar) }

    @Test func `adds up in one currency`() throws {
        #expect(try usd(1_100).adding(usd(77)) == usd(1_177))
        #expect(try usd(5).adding(usd(-5)).isZero)
        #expect(try usd(Int.max - 1).adding(usd(1)) == usd(.max))
    }

    @Test func `does not add two currencies`() {
        let euro = Currency(rawValue: "EUR")
        #expect(throws: MoneyError.currenciesDiffer(dollar, euro)) { try usd(1).adding(.zero(euro)) }
    }

    @Test(arguments: [(Int.max, 1), (Int.min, -1), (Int.max, Int.max)])
    func `refuses a sum that does not fit`(_ left: Int, _ right: Int) {
        #expect(throws: MoneyError.outOfRange) { try usd(left).adding(usd(right)) }
    }

    @Test func `multiplies by a count`() throws {
        #expect(try usd(1_800).multiplied(by: 12) == usd(21_600))
        #expect(try usd(1_800).multiplied(by: 0).isZero)
    }

    @Test(arguments: [(Int.max, 2), (Int.min, -1), (Int.min, 2)])
    func `refuses a product that does not fit`(_ amount: Int, _ count: Int) {
        #expect(throws: MoneyError.outOfRange) { try usd(amount).multiplied(by: count) }
    }

    @Test(arguments: [0, 1, -1, 23_925, Int.max, Int.min])
    func `is the same after it was written and read`(_ minorUnits: Int) throws {
        let money = usd(minorUnits)
        #expect(try Money(jsonBytes: money.jsonBytes) == money)
    }

    @Test func `is written in minor units`() {
        #expect(String(decoding: usd(1_177).jsonBytes, as: UTF8.self) == #"{"minorUnits":1177,"currency":"USD"}"#)
        #expect("\(usd(1_177))" == "1177 USD minor units")
    }
}
