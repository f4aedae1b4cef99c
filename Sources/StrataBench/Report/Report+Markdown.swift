extension Report {
    var markdown: String {
        let goals = MarkdownTable(
            ["measured", "result", "goal", ""], alignment: ["---", "--:", "--:", "---"],
            rows: sections.flatMap { section in section.goals.compactMap { row($0, section) } })
        let sections = sections.map { section in
            let figures = MarkdownTable(
                ["figure", "median", "rounds"], alignment: ["---", "--:", "---"],
                rows: section.figures.names.map { row($0, section.figures) })
            return "## \(section.title)\n\n\(section.notes)\n\n\(figures.text)"
        }
        let background = background.map { facts in
            "## \(facts.title)\n\n" + facts.entries.map { "- \($0.name): \($0.value)" }.joined(separator: "\n")
        }
        return (["# Benchmark\n\n" + goals.text] + sections + background).joined(separator: "\n\n") + "\n"
    }

    private func row(_ goal: Goal, _ section: Section) -> [String]? {
        guard let value = goal.reached(section.figures) else { return nil }
        let bound =
            switch goal.bound {
            case .atLeast(let least): "≥ \(least.short)"
            case .atMost(let most): "≤ \(most.short)"
            }
        let unit =
            switch goal.measure {
            case .ratio: " ×"
            case .value(let name): " " + (section.figures.unit(name)?.rawValue ?? "")
            }
        return [
            "\(section.title): \(goal.title)", value.short + unit, bound + unit,
            goal.isMet(by: value) ? "reached" : "**not reached**",
        ]
    }

    private func row(_ name: String, _ figures: Figures) -> [String] {
        let unit = figures.unit(name)?.rawValue ?? ""
        return [
            name, "\((figures.median(name) ?? 0).short) \(unit)",
            figures.rounds(name).map(\.short).joined(separator: ", "),
        ]
    }
}

/// A table as GitHub shows it.
private struct MarkdownTable {
    let text: String

    init(_ header: [String], alignment: [String], rows: [[String]]) {
        text = ([header, alignment] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }
}
