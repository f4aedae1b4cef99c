public import ArgumentParser
internal import EventSourcing
internal import Foundation
public import Logging
internal import PostgresClient
internal import PostgresEventStore
internal import PostgresServer

/// Where the database is.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A libpq connection string or URI of the database.",
            discussion: "Without it DATABASE_URL counts, and without that the private PostgreSQL in --folder."))
    var database: String?

    @Option(help: "The folder of the private PostgreSQL.")
    var folder = ".strata"

    @Option(
        help: ArgumentHelp(
            "The folder of the segments, in which old events are kept.",
            discussion: "Beside the private PostgreSQL it is the folder 'archive' in --folder."))
    var archive: String?

    /// The folder of the segments; none is known for a database that was named, unless it was named as well.
    var archiveFolder: String? { archive ?? (named == nil ? folder + "/archive" : nil) }

    @Option(
        name: .customLong("logs"),
        help: ArgumentHelp(
            "A file that says which logs there are and which streams lie in which (docs/scaling.md).",
            valueName: "file"))
    var logsFile: String?

    /// The database that was named, if one was.
    var named: String? {
        database ?? ProcessInfo.processInfo.environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
    }

    func validate() throws {
        // Else libpq's own defaults would say where the database is.
        guard database != "" else { throw ValidationError("--database is empty. Nothing was changed.") }
    }

    /// The logs, where `database` is the main one.
    func layout(_ database: String) throws -> LogLayout {
        var layout = LogLayout(mainDatabase: database)
        if let logsFile { layout = try LogsFile(path: logsFile).layout(mainDatabase: database) }
        layout.archiveFolder = archiveFolder
        return layout
    }

    /// Runs `body` with the logs, until it is done or a signal asks the program to stop. A private PostgreSQL is
    /// started if it does not run, and stopped afterwards unless others use it.
    ///
    /// - Parameter makesDatabase: Whether a private PostgreSQL that has never been there is made.
    func withLogs<R: Sendable>(
        makesDatabase: Bool = false, _ body: @escaping @Sendable (LogLayout) async throws -> R
    ) async throws -> R {
        try await StopSignals.cancelling {
            try await withServer(makesDatabase: makesDatabase) { layout, _ in try await body(layout) }
        }
    }

    /// Runs `body` with the logs and with the private PostgreSQL that they are in, if they are. A signal does not end
    /// `body`, only the start of PostgreSQL.
    func withServer<R>(
        makesDatabase: Bool, _ body: (LogLayout, PostgresServer?) async throws -> R
    ) async throws -> R {
        if let named { return try await body(try layout(named), nil) }
        let (layout, folder) = (try layout(""), folder)
        let server = try await StopSignals.cancelling {
            try await PostgresServer.start(folder: folder, options: .init(makesData: makesDatabase))
        }
        if let notice = server.notice { note(notice) }
        let result = await Result { try await body(layout.with(mainDatabase: server.connectionString), server) }
        await server.stop()
        return try result.get()
    }
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON instead of tables: one object, or one for each line.")
    var json = false
}

/// How much is logged.
struct LogOptions: ParsableArguments {
    @Option(help: "The least important level that is logged: trace, debug, info, notice, warning, error, critical.")
    var logLevel: Logger.Level = .notice

    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label)
        logger.logLevel = logLevel
        return logger
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

extension LogName: ExpressibleByArgument {}

extension StreamCategory: ExpressibleByArgument {}

extension EventType: ExpressibleByArgument {}

extension SagaName: ExpressibleByArgument {}

extension LogPosition: ExpressibleByArgument {}
