internal import ArgumentParser
internal import Glibc
internal import PostgresClient

/// The one executable: every role of a deployment, and the tools for people who run it.
@main
struct Strata: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strata",
        abstract: "An event store and CQRS runtime on PostgreSQL, with a commerce back end built on it.",
        discussion: """
            Start here: 'strata up' runs the whole system with a PostgreSQL of its own, and prints what to try next. \
            Every other command but tokens, schemas and demo works on the same database unless --database or DATABASE_URL \
            names another one.

            Exit codes: 0 done, 1 failed, 2 found something that needs attention, 64 wrong arguments. A command that a \
            signal cuts short ends with 128 and the signal's number. 'strata up' and 'strata serve' end with 0 when a \
            signal stops them.
            """,
        version: "0.1.0",
        subcommands: [
            Up.self, Serve.self, Migrate.self, Replay.self, ProjectionsCommand.self, SagasCommand.self,
            EventsCommand.self, ArchiveCommand.self, AuditCommand.self, SchemasCommand.self, TokensCommand.self,
            DemoCommand.self,
        ])

    /// The program often shares its machine with PostgreSQL.
    static func main() async {
        ProcessorSharing.waiting.apply()
        // A pipe that nobody reads any more is an error like another, so that what was begun is ended.
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }
}

/// Something was found that a person should look at.
extension ExitCode {
    static let attention = ExitCode(2)
}
