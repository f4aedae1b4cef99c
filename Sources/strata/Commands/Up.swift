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
            Ctrl-C or SIGTERM stops everything cleanly, PostgreSQL included.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        try PortCheck.require(free: server.commandPort, host: server.host, option: "--command-port")
        try PortCheck.require(free: server.queryPort, host: server.host, option: "--query-port")
        if let named = database.named { return try await run(on: try database.layout(named), nil) }
        let layout = try database.layout("")
        note("starting PostgreSQL in \(database.folder) …")
        let postgres = try await startPostgres(in: database.folder)
        do {
            try await run(on: layout.with(mainDatabase: postgres.connectionString), postgres)
            await postgres.stop()
        } catch {
            await postgres.stop()
            throw error
        }
        note("Strata has stopped.")
    }

    private func run(on layout: LogLayout, _ postgres: PostgresServer?) async throws {
        _ = try await layout.migrate()
        try await runProcess(
            Role.shop, on: layout, server, logs, postgres: postgres, addsSample: true)
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one or more roles, as one process of a deployment.",
        discussion: Role.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

    @Argument(help: "What this process does: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
    var roles: [Role]

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var logs: LogOptions

    func run() async throws {
        let (roles, server, store, logs) = (Set(roles), server, store, logs)
        guard database.archiveFolder != nil || !roles.contains(.notary) else {
            throw ValidationError("The notary needs the folder of the segments: name it with --archive.")
        }
        try await database.withLogs { layout in
            try await runProcess(roles, on: layout, server, logs, store: store, postgres: nil, addsSample: false)
        }
    }
}
