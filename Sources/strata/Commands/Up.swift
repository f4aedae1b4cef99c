internal import ArgumentParser
internal import EventSourcing
internal import Foundation
internal import Logging
internal import PostgresEventStore
internal import PostgresServer

struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the whole system in one process, with a PostgreSQL of its own.",
        discussion: """
            Starts a private PostgreSQL in --folder (unless --database or DATABASE_URL names another one), brings its \
            schema up to date, and runs the command API, the query API, the projectors, the saga coordinators and the notary. \
            Ctrl-C or SIGTERM stops everything cleanly, PostgreSQL included unless another command uses it.
            """)

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Put a sample product into a log that has no events, where it stays.",
            discussion: "Done by default in the private PostgreSQL, and not in a database that was named."))
    var sample: Bool?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let authenticator = try server.authenticator()
        try PortCheck.require(free: server.commandPort, host: server.host, option: "--command-port")
        try PortCheck.require(free: server.queryPort, host: server.host, option: "--query-port")
        if database.named == nil { note("starting PostgreSQL in \(database.folder) …") }
        try await database.withServer(makesDatabase: true) { layout, postgres in
            _ = try await StopSignals.cancelling { try await layout.migrate() }
            try await runProcess(
                ProcessRole.shop, on: layout, server, logs, authenticator: authenticator, postgres: postgres,
                addsSample: sample ?? (postgres != nil))
        }
        note("Strata has stopped.")
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one or more roles, as one process of a deployment.",
        discussion: ProcessRole.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

    @Argument(help: "What this process does: \(ProcessRole.allCases.map(\.rawValue).joined(separator: ", ")).")
    var roles: [ProcessRole]

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let (roles, server, store, logs) = (Set(roles), server, store, logs)
        guard database.archiveFolder != nil || !roles.contains(.notary) else {
            throw ValidationError("The notary needs the folder of the segments: name it with --archive.")
        }
        let authenticator = try server.authenticator()
        let settings = try roles.contains(.store) ? store.settings(server.limits) : nil
        try await database.withServer(makesDatabase: true) { layout, postgres in
            try await runProcess(
                roles, on: layout, server, logs, authenticator: authenticator, store: settings, postgres: postgres,
                addsSample: false)
        }
    }
}
