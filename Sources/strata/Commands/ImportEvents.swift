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

    @Option(help: "Take the events of this log alone.")
    var log: LogName?

    @Option(help: "Bytes of the largest payload that is taken.")
    var eventBytesMax = 1 << 20

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(batch) else { throw ValidationError("--batch is between 1 and 100000.") }
        guard eventBytesMax > 0 else { throw ValidationError("--event-bytes-max is more than 0.") }
    }

    func run() async throws {
        // Suspended in the middle of a batch it would keep everybody else from appending.
        signal(SIGTSTP, SIG_IGN)
        let command = self
        let began = ContinuousClock.now
        let outcomes = try await database.withLogs { layout in
            try await layout.verifyRouting()
            var outcomes: [(log: LogName, outcome: EventImport.Outcome)] = []
            for name in try command.targets(in: layout) {
                outcomes.append((name, try await command.importEvents(of: name, in: layout)))
            }
            return outcomes
        }
        try show(outcomes, seconds: began.duration(to: .now) / .seconds(1))
    }

    /// The file is read once for each log.
    private func targets(in layout: LogLayout) throws -> [LogName] {
        guard let log else {
            guard layout.logs.count == 1 || isRegularFile else {
                throw ValidationError(
                    "There are several logs, and what is no file can be read only once: name one with --log.")
            }
            return layout.logs.sorted()
        }
        guard layout.logs.contains(log) else { throw UnknownLog(names: layout.logs.sorted()) }
        return [log]
    }

    private var isRegularFile: Bool {
        var status = stat()
        return stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private func importEvents(of name: LogName, in layout: LogLayout) async throws -> EventImport.Outcome {
        let (command, database) = (self, layout.database(of: name))
        let log = try await LogID.find(name, in: database)
        let append = AppendLimits(appendBytesMax: max(32 << 20, eventBytesMax), payloadBytesMax: eventBytesMax)
        let limits = EventImport.Limits(batchEventsMax: batch, append: append)
        return try await EventImport.with(database, log: log, routing: layout.routing, limits: limits) {
            try await command.run($0)
        }
    }

    private func show(_ outcomes: [(log: LogName, outcome: EventImport.Outcome)], seconds: Double) throws {
        for (log, outcome) in outcomes {
            if output.json {
                // Where nothing was looked for, it is not known where the log ends.
                let isKnown = outcome.writtenCount + outcome.repeatedCount > 0
                try printJSON([
                    "log": .string(log.rawValue), "written": .integer(outcome.writtenCount),
                    "repeated": .integer(outcome.repeatedCount), "elsewhere": .integer(outcome.elsewhereCount),
                    "head": isKnown ? .integer(Int(outcome.head.rawValue)) : .null, "seconds": .number(seconds),
                ])
                continue
            }
            guard outcome.writtenCount + outcome.repeatedCount > 0 else {
                try printLine("There is no event of the log \(log).")
                continue
            }
            let rate = Int(Double(outcome.writtenCount) / max(seconds, 0.001))
            let elsewhere = outcome.elsewhereCount > 0 ? "; \(outcome.elsewhereCount) belong to other logs" : ""
            try printLine(
                "\(outcome.writtenCount) events imported, \(rate) a second; \(outcome.repeatedCount) were recorded "
                    + "already\(elsewhere). The log \(log) is at position \(outcome.head).")
        }
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
