import EventSourcing
import Testing

@Suite struct LogRoutingTests {
    private func stream(_ name: String) -> StreamName { StreamName(recorded: name) }

    @Test func `the first rule that a stream's name meets says its log, and otherwise the default`() {
        let routing = LogRouting(
            [
                .init(tenants: ["acme"], logs: ["acme"]), .init(categories: ["order", "payment"], logs: ["money"]),
                .init(categories: ["order"], logs: ["never"]),
            ], default: "rest")
        #expect(routing.log(of: stream("order-42")) == "money")
        #expect(routing.log(of: stream("payment-42")) == "money")
        #expect(routing.log(of: stream("order-acme/42")) == "acme")
        #expect(routing.log(of: stream("saga-order-fulfilment:acme/42")) == "acme")
        #expect(routing.log(of: stream("order-acme")) == "money", "a tenant ends with a slash")
        #expect(routing.log(of: stream("orders-42")) == "rest")
        #expect(routing.log(of: stream("order")) == "money", "a name without an id is a category")
        #expect(routing.logs == ["acme", "money", "never", "rest"])
        #expect(LogRouting().log(of: stream("order-42")) == .main)
    }

    /// A combining mark makes one character of what it follows, and leaves its bytes as they are.
    @Test func `names are taken apart by their bytes`() {
        let routing = LogRouting([
            .init(categories: ["caf\u{e9}"], logs: ["cafe"]), .init(tenants: ["acme"], logs: ["acme"]),
        ])
        #expect(routing.log(of: stream("order-acme/\u{301}42")) == "acme")
        #expect(routing.log(of: stream("saga-x:\u{301}acme/1")) == .main)
        #expect(LogRouting.hash(of: stream("saga-x:\u{301}1")) == LogRouting.hash(of: stream("order-\u{301}1")))
        #expect(routing.log(of: stream("caf\u{e9}-1")) == "cafe")
        #expect(routing.log(of: stream("cafe\u{301}-1")) == .main)
    }

    @Test(
        arguments: [
            ("order-42", 0x7347_5cb4_0a56_8e8d), ("payment-42", 0x7347_5cb4_0a56_8e8d),
            ("saga-order-fulfilment:42", 0x7347_5cb4_0a56_8e8d), ("order-acme/42", 0x93f9_2348_51ff_1096),
            ("order-0190a7e2-0000-7000-8000-000000000001", 0x1ff5_29d9_423f_d51d), ("order", 0xe3b0_c442_98fc_1c14),
            ("order-ß", 0xcd3a_7e92_a911_4307),
        ] as [(String, UInt64)])
    func `the hash of a stream never changes, and is that of what the stream is about`(
        _ name: String, _ hash: UInt64
    ) {
        #expect(LogRouting.hash(of: stream(name)) == hash)
    }

    @Test func `a hash spreads streams over all logs of a rule, and what belongs together stays together`() {
        let logs: [LogName] = ["a", "b", "c", "d"]
        let routing = LogRouting([.init(categories: ["order", "payment", "saga"], logs: logs)])
        var counts: [LogName: Int] = [:]
        for number in 0..<4_000 {
            let log = routing.log(of: stream("order-\(number)"))
            #expect(routing.log(of: stream("payment-\(number)")) == log)
            #expect(routing.log(of: stream("saga-order-fulfilment:\(number)")) == log)
            counts[log, default: 0] += 1
        }
        #expect(logs.allSatisfy { (800...1_200).contains(counts[$0] ?? 0) }, "\(counts)")
    }

    @Test(arguments: [("0", LogName.main, 0), ("123", .main, 123), ("orders:7", "orders", 7)])
    func `a position is written with its log, unless that is main`(_ text: String, _ log: LogName, _ position: Int64) {
        let value = LogPosition(log, Position(rawValue: position))
        #expect(LogPosition(text) == value)
        #expect(value.description == text)
    }

    @Test(arguments: [
        "", ":", "x", "-1", "+1", "1.0", " 1", "orders:", "orders:x", ":1", "Orders:1", "a:b:1", "99999999999999999999",
    ])
    func `what is no position is not taken for one`(_ text: String) {
        #expect(LogPosition(text) == nil)
    }

    @Test func `positions of several logs are compared log by log`() {
        var (left, right) = (LogPositions(), LogPositions())
        left["a"] = Position(rawValue: 3)
        #expect(left.reaches(right) && !right.reaches(left))
        right["b"] = Position(rawValue: 1)
        #expect(!left.reaches(right) && !right.reaches(left))
        #expect("\(left)" == "a 3" && "\(LogPositions())" == "0")
    }
}
