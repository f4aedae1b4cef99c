internal import ArgumentParser
internal import EventCodec
internal import EventSourcing
internal import Logging
internal import PostgresEventStore
internal import Terminal

struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Keep old events in segment files, and take them out of the database.",
        discussion: """
            A segment holds 65,536 positions of the log, compressed, with a checksum for every part. Readers that know \
            the folder of the segments (--archive; .strata/archive beside the private PostgreSQL) take events from \
            there, which is many times faster. Once a range is sealed its events may leave the database: 'drop' takes \
            them out, 'restore' puts them back. 'strata serve notary', and 'strata up', seal by themselves; nothing is \
            dropped unless somebody asks for it.
            """,
        subcommands: [
            ListSegments.self, SealSegments.self, VerifySegments.self, DropSegments.self, RestoreSegments.self,
        ],
        defaultSubcommand: ListSegments.self)
}

extension DatabaseOptions {
    /// Runs `body` with the archive of a log; of the only one, unless one is named.
    func withArchive<R: Sendable>(
        _ log: LogName?, _ body: @escaping @Sendable (PostgresArchive) async throws -> R
    ) async throws -> R {
        guard archiveFolder != nil else {
            throw ValidationError("Where are the segments? Name their folder with --archive.")
        }
        return try await withLogs { layout in
            let store = try await layout.open(logger: Logger(label: "strata"))
            guard let archive = try store.log(log).archive else { throw UnknownLog(names: store.logNames) }
            return try await body(archive)
        }
    }
}

extension PostgresArchive.Segment {
    var object: JSONObject {
        [
            "segment": .integer(Int(number)), "first": .integer(Int(first.rawValue)),
            "last": .integer(Int(last.rawValue)), "bytes": .integer(byteCount), "digest": .string(digest),
            "sealedAt": .string("\(sealedAt)"), "inDatabase": .boolean(isInDatabase), "path": .string(path),
        ]
    }
}

struct ListSegments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Which ranges are sealed, and which of them are still in the database.")

    @Option(help: "The log; needed where there are several.")
    var log: LogName?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let segments = try await database.withArchive(log) { try await $0.segments() }
        guard !output.json else {
            for segment in segments { try printJSON(segment.object) }
            return
        }
        guard !segments.isEmpty else {
            return try printLine("Nothing is sealed yet: a range is sealed when it is full.")
        }
        var table = Table("segment", "positions", "bytes", "sealed", "events are", "digest")
        for segment in segments {
            table.add(
                "\(segment.number)", "\(segment.first)–\(segment.last)", "\(segment.byteCount)", "\(segment.sealedAt)",
                segment.isInDatabase ? "in both" : "in the segment", String(segment.digest.prefix(16)))
        }
        try printLine(table.rendered)
    }
}

struct SealSegments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal", abstract: "Seal every range that is full.",
        discussion: """
            Appends go on meanwhile. Safe to stop at any time, and to run in several processes at once. With --missing \
            files that are gone are written again as well, as long as their events are in the database.
            """)

    @Flag(help: "Also write the files of sealed ranges again that are not in the folder.")
    var missing = false

    @Option(help: "The log; needed where there are several.")
    var log: LogName?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let command = self
        try await database.withArchive(log) { archive in try await command.seal(archive) }
    }

    private func seal(_ archive: PostgresArchive) async throws {
        if missing { try await writeMissing(archive) }
        var count = 0
        while let segment = try await archive.sealNext() {
            count += 1
            try report(segment, "sealed")
        }
        guard !output.json else { return }
        try printLine("\(count) ranges were sealed. The next is full at \(try await archive.nextBoundary()).")
    }

    private func writeMissing(_ archive: PostgresArchive) async throws {
        for segment in try await archive.segments() where segment.isInDatabase && !archive.hasFile(of: segment) {
            try await archive.sealAgain(segment)
            try report(segment, "written again")
        }
    }

    private func report(_ segment: PostgresArchive.Segment, _ what: String) throws {
        if output.json {
            try printJSON(segment.object)
        } else {
            try printLine("segment \(segment.number), positions \(segment.first) to \(segment.last): \(what)")
        }
    }
}

struct VerifySegments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read whole segments, and compare them with what was sealed.",
        discussion: "The exit code is 2 when a segment is damaged, is not the one that was sealed, or is not there.")

    @Argument(help: "The numbers of segments; without any all are verified.")
    var numbers: [Int64] = []

    @Option(help: "The log; needed where there are several.")
    var log: LogName?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (numbers, output) = (numbers, output)
        let failures = try await database.withArchive(log) { archive in
            let segments = try await archive.segments().filter { numbers.isEmpty || numbers.contains($0.number) }
            if let unknown = numbers.first(where: { number in !segments.contains { $0.number == number } }) {
                throw ValidationError("There is no segment \(unknown). 'strata archive list' shows which there are.")
            }
            let bar = ProgressBar("verify")
            var failures: [(PostgresArchive.Segment, EventStoreError)] = []
            for (done, segment) in segments.enumerated() {
                do { try await archive.verify(segment) } catch let error as EventStoreError
                    where error.code == .archived || error.code == .damagedArchive
                {
                    failures.append((segment, error))
                }
                bar.show(done + 1, of: segments.count)
            }
            bar.finish("\(segments.count - failures.count) of \(segments.count) segments are as they were sealed")
            return failures
        }
        for (segment, error) in failures {
            if output.json {
                try printJSON(["segment": .integer(Int(segment.number)), "problem": .string(error.message)])
            } else {
                try printLine("segment \(segment.number): \(error.message)")
            }
        }
        if !failures.isEmpty { throw ExitCode.attention }
    }
}
