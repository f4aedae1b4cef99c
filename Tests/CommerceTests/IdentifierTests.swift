import Commerce
import EventCodec
import Testing

@Suite struct `Identifiers` {
    @Test(arguments: ["A", "CHAI-20", "10248", "a.b_c-d", String(repeating: "x", count: 64)])
    func `take letters, digits, dots, underscores and hyphens`(_ text: String) {
        #expect(SKU(validating: text)?.rawValue == text)
        #expect(OrderID(validating: text)?.rawValue == text)
        #expect(LocationID(validating: text)?.rawValue == text)
        #expect(CustomerID(validating: text)?.rawValue == text)
    }

    @Test(arguments: ["", " ", "a b", "a/b", "a@b", "é", "a\n", "a\0", String(repeating: "x", count: 65)])
    func `refuse everything else from outside`(_ text: String) {
        #expect(SKU(validating: text) == nil)
    }

    @Test func `take anything from history`() throws {
        let order = OrderID(rawValue: "an old / odd one")
        #expect(try OrderID(jsonBytes: order.jsonBytes) == order)
    }

    @Test func `are ordered by their text`() {
        #expect([SKU(rawValue: "B"), SKU(rawValue: "A")].sorted().map(\.description) == ["A", "B"])
    }
}
