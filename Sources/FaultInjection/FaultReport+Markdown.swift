extension FaultReport {
    /// The report as tables, for people.
    public var markdown: String {
        var lines = ["| fault | times | hit |", "|---|--:|---|"]
        for kind in FaultKind.allCases {
            if let times = faults[kind] {
                lines.append("| \(kind.title) | \(times) | \(hits[kind] ?? 0) \(kind.hits) |")
            }
            if let times = leftOut[kind] {
                lines.append("| \(kind.title) | 0 | left out \(times) times: no right to mount |")
            }
        }
        lines += ["| **all** | **\(faultCount)** | in \(Int(seconds)) seconds |", "", "| counted | |", "|---|--:|"]
        lines += counted.map { "| \($0) | \($1) |" }
        lines += ["", "| checked | looked at |", "|---|--:|"]
        lines += promises.map { "| \($0) | \($1) |" }
        lines += ["", violations.isEmpty ? verdict : "**Broken promises:**"]
        lines += violations.prefix(50).map { "- \($0)" }
        lines.append("Seeds: \(seeds.map(String.init).joined(separator: ", "))")
        return lines.joined(separator: "\n") + "\n"
    }

    private var verdict: String { checked.checks > 0 ? "Every promise was kept." : "Nothing was checked." }

    private var counted: [(String, Int)] {
        [
            ("appends", tally.appends),
            ("acknowledged", tally.acknowledged),
            ("answers that left the outcome open", tally.unknown),
            ("retries with the same event ids", tally.retries),
            ("repeats found", tally.repeats),
            ("appends that one process wrote for the other", handedOver),
            ("kills and stops of the process that wrote for the other", leadersHit),
            ("readers", readers),
            ("readers' events", readerEvents),
            ("subscriptions that failed and went on", readerFailures),
        ]
    }

    private var promises: [(String, Int)] {
        [
            ("times that everything was compared", checked.checks),
            ("acknowledged appends are there once, where the receipt says", checked.acknowledged),
            ("unacknowledged appends are there once and whole, or not at all", checked.unacknowledged),
            ("their retry says that they were there", tally.foundInLog),
            ("their retry says that they were not there", tally.notFoundInLog),
            ("positions are dense, and end at the head", checked.positions),
            ("revisions are dense in every stream", checked.streams),
            ("readers saw every event once and in order", checked.sightings),
        ]
    }
}
