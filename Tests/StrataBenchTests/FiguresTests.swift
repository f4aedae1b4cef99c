import Testing

@testable import StrataBench

@Suite struct `What was measured` {
    @Test func `have the middle round as their median, or the mean of the two in the middle`() {
        #expect([Double]().median == nil)
        #expect([3.0, 1, 2].median == 2)
        #expect([4.0, 1, 2, 3].median == 2.5)
    }

    @Test func `have the median of the ratios of their rounds, and not the ratio of their medians`() {
        var figures = Figures()
        for (strata, raw) in [(10.0, 1.0), (20, 4), (30, 10)] {
            figures.add("strata", .perSecond(strata))
            figures.add("raw", .perSecond(raw))
        }
        #expect(figures.ratio("strata", to: "raw") == 5)
        #expect(figures.ratio("strata", to: "nothing") == nil)
        #expect(figures.median("strata") == 20)
        #expect(figures.names == ["strata", "raw"])
    }

    @Test func `of latencies are percentiles by nearest rank`() {
        let percentiles = Percentiles((1...1_000).reversed())
        #expect(percentiles[50] == 500)
        #expect(percentiles[99] == 990)
        #expect(percentiles[99.9] == 999)
        #expect(percentiles[100] == 1_000 && percentiles.max == 1_000)
        #expect(Percentiles([7])[1] == 7)
        #expect(Percentiles([])[50] == 0)
    }

    @Test(arguments: [
        (0.0, "0"), (0.456, "0.46"), (12, "12"), (99.5, "99.50"), (1234.6, "1,235"), (-1_234_567, "-1,234,567"),
    ])
    func `are written for people`(_ value: Double, _ text: String) {
        #expect(value.short == text)
    }
}
