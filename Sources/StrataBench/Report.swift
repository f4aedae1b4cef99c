internal import Foundation

/// The figures as a table, with the ratios that count.
struct Report {
    let figures: Figures
    let settings: [String]

    /// Which figure is held against which, and the first goal.
    private static let goals: [(figure: String, reference: String, goal: Double)] = [
        ("append, 32 writers", "raw insert, 32 clients", 1.5),
        ("append, 512 writers", "raw insert, 32 clients", 4),
        ("read the log", "COPY TO STDOUT binary", 0.5),
        ("generated codec", "JSONDecoder", 8),
    ]

    var markdown: String {
        var lines = settings.map { "- \($0)" }
        lines += ["", "| figure | a second (median) | rounds |", "|---|--:|---|"]
        for name in figures.names {
            let rounds = figures.rounds(name).map { String(Int($0)) }.joined(separator: ", ")
            lines.append("| \(name) | \(Int(figures.median(name))) | \(rounds) |")
        }
        lines += ["", "| figure | beside | ratio | goal | |", "|---|---|--:|--:|---|"]
        for (figure, reference, goal) in Self.goals {
            let ratio = figures.median(figure) / max(1, figures.median(reference))
            let verdict = ratio >= goal ? "reached" : "not reached"
            lines.append("| \(figure) | \(reference) | \(String(format: "%.2f", ratio)) | \(goal) | \(verdict) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    var json: String {
        let rows = figures.names.map { name in
            "  \"\(name)\": [\(figures.rounds(name).map { String(format: "%.1f", $0) }.joined(separator: ", "))]"
        }
        return "{\n\(rows.joined(separator: ",\n"))\n}\n"
    }
}
