import Testing

@testable import StrataBench

@Suite struct `Samples of memory` {
    @Test func `have the slope of their second half, whatever warming up took`() {
        var samples = MemorySamples()
        for step in 1...10 { samples.add(events: Double(step) * 1_000, megabytes: 100) }
        for step in 11...20 { samples.add(events: Double(step) * 1_000, megabytes: 50 + Double(step) * 2) }
        #expect(abs(samples.slopePerMillion - 2_000) < 1e-6)
        #expect(samples.largest == 100)
    }

    @Test func `that are few have no slope`() {
        #expect(MemorySamples().slopePerMillion == 0 && MemorySamples().largest == 0)
    }
}
