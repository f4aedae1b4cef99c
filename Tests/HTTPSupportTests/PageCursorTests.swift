import EventSourcingTesting
import HTTPSupport
import HTTPTestSupport
import Testing

struct PageCursorTests {
    @Test func `comes back as it went`() {
        let cursor = PageCursor(list: "orders", parts: ["1997-01-01", "ä/🛒"])
        #expect(PageCursor(cursor.description, list: "orders", count: 2) == cursor)
    }

    @Test func `is none of another list`() {
        let text = PageCursor(list: "orders", parts: ["1"]).description
        #expect(PageCursor(text, list: "products", count: 1) == nil)
        #expect(PageCursor(text, list: "orders", count: 2) == nil)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `is told when it was changed`(seed: UInt64) {
        var random = Seeded(seed)
        var bytes = Array(PageCursor(list: "orders", parts: ["1997-01-01", "4711"]).description.utf8)
        let index = bytes.indices.dropLast().randomElement(using: &random) ?? 0
        bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        #expect(PageCursor(String(decoding: bytes, as: UTF8.self), list: "orders", count: 2) == nil, "seed \(seed)")
    }

    @Test(arguments: ["", "A", "AAAA", "!!!!", "=====", String(repeating: "A", count: 100_000)])
    func `is nothing made up`(text: String) { #expect(PageCursor(text, list: "orders", count: 1) == nil) }
}
