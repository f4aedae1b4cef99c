internal import ArgumentParser
internal import Foundation
internal import PostgresServer

/// The benchmark itself; the other subcommands are the processes that it starts.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure, and print a table of ratios (the default).",
        discussion: """
            Starts a PostgreSQL of its own with fsync on. Each part has a database of its own and is measured for a \
            number of rounds, each round Strata and raw PostgreSQL one after the other; figures are medians of the \
            rounds, and ratios are medians of the ratios in each round. Figures of different machines, or of different \
            runs, are not to be compared; the ratios are.

            Parts: \(Parts.names).
            """)

    @Option(help: "How many rounds.")
    var rounds = 3

    @Option(help: "Seconds for each measurement of appends.")
    var seconds = 4

    @Option(help: "Only this part; may be given several times.")
    var only: [String] = []

    @Flag(help: "Also what takes long: a log of 20 million events, and the memory of reading 10 million.")
    var large = false

    @Flag(help: "Also other event stores on PostgreSQL, which are installed into a temporary folder.")
    var peers = false

    @Flag(help: "One round of short measurements: to see that it works, not how fast it is.")
    var quick = false

    @Option(help: "Also write the figures to this file, as JSON.")
    var json: String?

    @Option(help: "Also write the report to this file, as Markdown.")
    var markdown: String?

    func validate() throws {
        guard rounds >= 1, seconds >= 1 else { throw ValidationError("--rounds and --seconds are 1 or more.") }
        for name in only where !Parts.all.contains(where: { $0.name == name }) {
            throw ValidationError("There is no part '\(name)'. The parts are: \(Parts.names).")
        }
    }

    private var scale: Scale {
        if quick { return .quick }
        return Scale(
            rounds: rounds, window: .seconds(seconds), subscribedEvents: large ? 10_000_000 : 1_000_000)
    }

    private func isWanted(_ part: any Part.Type) -> Bool {
        guard only.isEmpty else { return only.contains(part.name) }
        return part.isMeasuredByDefault || large && part == Growth.self || peers && part == Peers.self
    }

    func run() async throws {
        let temporary = try await TemporaryServer.startDurable(
            in: FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path)
        let report: Report
        do {
            report = try await measure(on: temporary.server, folder: temporary.folder)
        } catch {
            await temporary.remove()
            throw error
        }
        await temporary.remove()
        print(report.markdown)
        if let markdown { try report.markdown.write(toFile: markdown, atomically: true, encoding: .utf8) }
        if let json { try report.json.write(toFile: json, atomically: true, encoding: .utf8) }
    }

    private func measure(on server: PostgresServer, folder: String) async throws -> Report {
        var report = Report(background: try await background(server, folder))
        if !quick { try await WriteAheadLog.makeFiles(BenchDatabase(connectionString: server.connectionString)) }
        for part in Parts.all where isWanted(part) {
            progress(part.name)
            report.sections.append(try await measure(part, on: server))
        }
        return report
    }

    private func background(_ server: PostgresServer, _ folder: String) async throws -> [Facts] {
        let database = BenchDatabase(connectionString: server.connectionString)
        return [
            try await .machine(dataFolder: folder), try await .versions(database),
            try await .postgresSettings(database), .strataSettings(scale),
        ]
    }

    private func measure(_ part: any Part.Type, on server: PostgresServer) async throws -> Section {
        let name = "bench_" + part.name.replacing("-", with: "_")
        let database = try await BenchDatabase.create(name, on: server)
        let part = try await part.init(database, scale)
        var figures = Figures()
        defer { part.finish() }
        for round in 1...scale.rounds {
            progress("  round \(round) of \(scale.rounds)")
            try await part.measure(&figures)
        }
        try await server.dropDatabase(name)
        return Section(title: type(of: part).title, notes: type(of: part).notes, goals: part.goals, figures: figures)
    }
}

/// Says what is going on to whoever waits.
func progress(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}
