internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import Glibc
internal import PostgresEventStore
internal import Terminal

struct ImportEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take over events from a file that 'strata events export' wrote.",
        discussion: """
            Events get new positions and revisions in the order of the file; what is recorded already is passed over, \
            so that an import that was cut short is simply run again. Appends wait while a batch is written; so it \
            cannot be suspended with Ctrl-Z, only ended with Ctrl-C.
            """)

    @Argument(help: "A file of one event on each line.", completion: .file())
    var file: String

    @Option(help: "How many events are written in one transaction.")
    var batch = 10_000

    @Option(help: "The log that takes the events; may be left out where there is one.")
    var log: LogName?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(batch) else { throw ValidationError("--batch is between 1 and 100000.") }
    }

    func run() async throws {
        // Suspended amid a batch it would keep everybody else from appending.
        signal(SIGTSTP, SIG_IGN)
        let command = self
        let began = ContinuousClock.now
        let outcome = try await database.withLogs { layout in
            let name = try command.target(in: layout)
            let database = layout.database(of: name)
            guard let log = try await LogID.find([name], in: database)[name] else {
                throw UnknownLog(names: layout.logs.sorted())
            }
            return try await EventImport.with(database, log: log, limits: .init(batchEventsMax: command.batch)) {
                try await command.run($0)
            }
        }
        let seconds = began.duration(to: .now) / .seconds(1)
        if output.json {
            printJSON([
                "written": .integer(outcome.writtenCount), "repeated": .integer(outcome.repeatedCount),
                "head": .integer(Int(outcome.head.rawValue)), "seconds": .number(seconds),
            ])
        } else {
            let rate = Int(Double(outcome.writtenCount) / max(seconds, 0.001))
            print(
                "\(outcome.writtenCount) events imported, \(rate) a second; \(outcome.repeatedCount) were recorded "
                    + "already. The log is at position \(outcome.head).")
        }
    }

    private func target(in layout: LogLayout) throws -> LogName {
        if let log, layout.logs.contains(log) { return log }
        guard log == nil, layout.logs.count == 1, let only = layout.logs.first else {
            throw UnknownLog(names: layout.logs.sorted())
        }
        return only
    }

    private func run(_ target: EventImport) async throws -> EventImport.Outcome {
        let bar = ProgressBar("importing")
        let outcome = try await target.importFile(at: file) { progress in
            bar.show(
                progress.bytesRead >> 10, of: max(progress.bytesInAll, progress.bytesRead) >> 10,
                note: "KiB; \(progress.outcome.writtenCount) events written")
        }
        bar.finish("done")
        return outcome
    }
}
