import Commerce
import Testing

@Suite struct `Currencies` {
    @Test(arguments: ["USD", "EUR", "XXX"])
    func `are three capital letters`(_ text: String) { #expect(Currency(validating: text)?.rawValue == text) }

    @Test(arguments: ["", "US", "USDT", "usd", "U D", "ÄÖÜ", "US1"])
    func `are nothing else`(_ text: String) { #expect(Currency(validating: text) == nil) }
}
