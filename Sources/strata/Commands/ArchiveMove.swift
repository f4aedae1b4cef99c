internal import ArgumentParser
internal import EventSourcing
internal import PostgresEventStore
internal import Terminal

struct DropSegments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Take the events of old segments out of the database.",
        discussion: """
            Goes from the oldest segment on. Each is first checked against its digest and, event for event, against the \
            database. The last event of each stream stays, and so do the tags. Appends go on meanwhile.

            Every process that reads the log must know the folder of the segments, or it will fail where they begin. A \
            repeated append that expects no exact revision is recognised only as long as its events are in the \
            database, which is what --keep is for.
            """)

    @Option(help: "How many of the newest segments stay in the database.")
    var keep = 16

    @Option(help: "The log; needed where there are several.")
    var log: LogName?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard keep >= 0 else { throw ValidationError("--keep is 0 or more.") }
    }

    func run() async throws {
        let (keep, output) = (keep, output)
        try await database.withArchive(log) { archive in
            let segments = try await archive.segments().dropLast(keep)
            // The newest of those that have left may not have left altogether.
            let unfinished = segments.last { !$0.isInDatabase }
            let wanted = [unfinished].compactMap { $0 } + segments.filter(\.isInDatabase)
            try await move(wanted, "drop", output) { segment, progress in try await archive.drop(segment, progress) }
        }
    }
}

struct RestoreSegments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put the events of segments back into the database, as they were.",
        discussion: "Goes from the newest segment that has left the database to the oldest that is asked for.")

    @Option(help: "The oldest segment that is put back.")
    var from: Int64 = 0

    @Option(help: "The log; needed where there are several.")
    var log: LogName?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (from, output) = (from, output)
        try await database.withArchive(log) { archive in
            let wanted = try await archive.segments().filter { !$0.isInDatabase && $0.number >= from }
            try await move(wanted.reversed(), "restore", output) { segment, progress in
                try await archive.restore(segment, progress)
            }
        }
    }
}

private func move(
    _ segments: [PostgresArchive.Segment], _ verb: String, _ output: OutputOptions,
    _ work: (PostgresArchive.Segment, @escaping @Sendable (PostgresArchive.Progress) -> Void) async throws -> Void
) async throws {
    let bar = ProgressBar(verb)
    for (index, segment) in segments.enumerated() {
        let total = segments.count
        try await work(segment) { progress in
            bar.show(
                index * progress.total + progress.done, of: total * progress.total, note: "segment \(progress.segment)")
        }
        if output.json { try printJSON(segment.object) }
    }
    bar.finish("\(segments.count) segments are done")
}
