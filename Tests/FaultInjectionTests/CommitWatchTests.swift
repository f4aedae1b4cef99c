import Testing

@testable import FaultInjection

@Suite struct `A watch for commits` {
    private static let insert = "INSERT INTO strata.events (log) VALUES (1)"

    @Test func `sees the Sync that ends an insert of events, wherever the bytes are cut`() {
        let before = startup() + parse("s1", Self.insert) + bind("s1") + execute
        let bytes = before + sync
        for cut in 1..<bytes.count {
            var watch = CommitWatch()
            let first = watch.take(bytes[..<cut])
            let second = watch.take(bytes[cut...])
            #expect(first == nil)
            // A Sync that came in two pieces begins with what is left of it.
            #expect(second == max(0, before.count - cut))
        }
    }

    @Test func `passes over a Sync after anything else`() {
        var watch = CommitWatch()
        #expect(
            watch.take(startup() + parse("s1", "SELECT head FROM strata.logs") + bind("s1") + execute + sync) == nil)
        #expect(watch.take(parse("s2", Self.insert) + sync) == nil, "it was prepared, and not used")
    }

    @Test func `knows a statement that was prepared long ago, and each transaction by itself`() {
        var watch = CommitWatch()
        _ = watch.take(startup() + parse("s1", Self.insert) + sync)
        #expect(watch.take(bind("s1") + execute + sync) == (bind("s1") + execute).count)
        #expect(watch.take(bind("s2") + execute + sync) == nil)
        #expect(watch.take(bind("s1") + execute + sync) != nil)
    }

    @Test func `lets requests for encryption come first`() {
        var watch = CommitWatch()
        _ = watch.take(number(8) + number(80_877_103))
        _ = watch.take(startup() + parse("s1", Self.insert))
        #expect(watch.take(bind("s1") + sync) == bind("s1").count)
    }

    private func startup() -> [UInt8] { number(12) + number(196_608) + number(0) }
    private func parse(_ name: String, _ sql: String) -> [UInt8] { message("P", text(name) + text(sql) + [0, 0]) }
    private func bind(_ name: String) -> [UInt8] { message("B", text("") + text(name) + [0, 0, 0, 0, 0, 0]) }
    private var execute: [UInt8] { message("E", text("") + number(0)) }
    private var sync: [UInt8] { message("S", []) }

    private func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
        Array(type.utf8) + number(UInt32(body.count + 4)) + body
    }
    private func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }
    private func number(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
