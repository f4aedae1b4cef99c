internal import ArgumentParser
internal import Foundation
internal import Logging
internal import PostgresEventStore
internal import PostgresServer

/// Measures Strata beside what PostgreSQL itself can do, in one run on one machine, and prints ratios.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata-bench",
        abstract: "Measure appends, reads and decoding beside raw PostgreSQL.",
        discussion: """
            Starts a PostgreSQL of its own with fsync on, measures for a number of rounds, each round everything once, \
            and prints the median of each figure with its ratio to the raw figure of the same run. Figures of \
            different machines, or of different runs, are not to be compared; the ratios are.
            """)

    @Option(help: "How many rounds; figures are their medians.")
    var rounds = 3

    @Option(help: "Seconds for each measurement of appends.")
    var seconds = 4

    @Option(help: "Events in the log when it is read.")
    var events = 300_000

    @Option(help: "Also write the figures to this file, as JSON.")
    var json: String?

    @Option(help: "Also write the table to this file, as Markdown.")
    var markdown: String?

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("strata-bench-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try await PostgresServer.start(folder: folder)
        let report: Report
        do {
            report = try await measure(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        print(report.markdown)
        if let markdown { try report.markdown.write(toFile: markdown, atomically: true, encoding: .utf8) }
        if let json { try report.json.write(toFile: json, atomically: true, encoding: .utf8) }
    }

    private func measure(_ server: PostgresServer) async throws -> Report {
        _ = try await Migrator().migrate(server.connectionString)
        let raw = RawPostgres(server: server, seconds: seconds)
        let appends = AppendBench(connectionString: server.connectionString, seconds: seconds)
        let reads = ReadBench(connectionString: server.connectionString, events: events)
        var figures = Figures()
        try raw.prepare()
        for round in 1...max(1, rounds) {
            progress("round \(round) of \(rounds)")
            for clients in [1, 8, 32] {
                figures.add("raw insert, \(clients) clients", try raw.insertsPerSecond(clients: clients))
            }
            for writers in [1, 8, 32, 128, 512] {
                figures.add("append, \(writers) writers", try await appends.appendsPerSecond(writers: writers))
            }
            try await reads.fill()
            figures.add("COPY TO STDOUT binary", try raw.copyPerSecond(events: try await reads.count()))
            figures.add("read the log", try await reads.eventsPerSecond())
            figures.add("JSONDecoder", CodecBench.foundationPerSecond())
            figures.add("generated codec", CodecBench.generatedPerSecond())
        }
        return Report(figures: figures, settings: try await settings(server))
    }

    private func settings(_ server: PostgresServer) async throws -> [String] {
        [
            "\(ProcessInfo.processInfo.activeProcessorCount) cores, "
                + "\(ProcessInfo.processInfo.physicalMemory >> 30) GiB of memory, client and server on one machine",
            try RawPostgres(server: server, seconds: seconds).version(),
            "\(rounds) rounds, \(seconds) s for each measurement of appends, \(AppendBench.payload.count)-byte payloads",
        ]
    }
}

/// What is going on, for whoever waits.
func progress(_ text: String) {
    FileHandle.standardError.write(Data("\(text) …\n".utf8))
}
