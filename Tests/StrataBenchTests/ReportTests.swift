import EventCodec
import Testing

@testable import StrataBench

@Suite struct `A report` {
    private var report: Report {
        var figures = Figures()
        for value in [300.0, 100, 200] { figures.add("append", .perSecond(value)) }
        for value in [100.0, 50, 100] { figures.add("raw", .perSecond(value)) }
        figures.add("resident", .megabytes(160))
        let goals = [
            Goal("appends", .ratio("append", to: "raw"), .atLeast(2)), Goal("memory", .value("resident"), .atMost(150)),
            Goal("unmeasured", .ratio("append", to: "nothing"), .atLeast(1)),
        ]
        return Report(
            background: [Facts(title: "Machine", entries: [("cores", "2")])],
            sections: [Section(title: "Part", notes: "How.", goals: goals, figures: figures)])
    }

    @Test func `says which goals are reached, with the figures and where they come from`() {
        let lines = report.markdown.split(separator: "\n").map(String.init)
        #expect(lines.contains("| Part: appends | 2 × | ≥ 2 × | reached |"))
        #expect(lines.contains("| Part: memory | 160 MB | ≤ 150 MB | **not reached** |"))
        #expect(lines.contains("| append | 200 /s | 300, 100, 200 |"))
        #expect(lines.contains("- cores: 2"))
        #expect(!report.markdown.contains("unmeasured"))
    }

    @Test func `says the same to programs`() throws {
        let json = try JSONValue(jsonBytes: Array(report.json.utf8))
        let goals = json["goals"]?.array
        #expect(goals?.map { $0["reached"]?.boolean } == [true, false])
        #expect(goals?.first?["value"]?.number == 2)
        #expect(json["sections"]?.array?.first?["figures"]?.array?.first?["median"]?.number == 200)
        #expect(json["background"]?["Machine"]?["cores"]?.string == "2")
    }
}
