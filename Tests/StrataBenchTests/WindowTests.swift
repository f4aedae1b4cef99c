import Testing

@testable import StrataBench

@Suite struct `A window` {
    @Test func `counts what is answered within it, and neither before nor behind`() {
        let window = Window(start: 10, end: 20)
        #expect([9, 10, 19, 20].map { window.contains($0) } == [false, true, true, false])
        #expect(window.seconds == 1e-8)
    }

    @Test func `that has passed counts nothing`() async throws {
        let tally = try await Tally.count(within: Window(start: 0, end: 1)) { _ in 1 }
        #expect(tally.events == 0 && tally.latencies.isEmpty)
    }

    @Test func `adds up what its writers did`() async throws {
        let window = Window(after: .zero, length: .seconds(3_600))
        let tally = try await Tally.count(writers: 3, within: window) { Tally(events: $0, latencies: [1]) }
        #expect(tally.events == 3 && tally.latencies.count == 3)
    }
}
