internal import ArgumentParser
internal import HTTPSupport
internal import PostgresEventStore

/// Where the APIs listen, and whom they let in.
struct ServerOptions: ParsableArguments {
    @Option(help: "The address that the APIs listen on. Another one than this machine's own needs --tokens.")
    var host = "127.0.0.1"

    @Option(help: "The port of the command API.")
    var commandPort = 8081

    @Option(help: "The port of the query API.")
    var queryPort = 8082

    @Option(help: "The port of /health, /ready and /metrics of a process without an API.")
    var healthPort = 8084

    @Option(help: "A file of tokens (see 'strata tokens'). Without it everybody on this machine may do everything.")
    var tokens: String?

    @Option(
        help: ArgumentHelp(
            "A folder in which processes of this machine that write to the same logs find each other.",
            discussion: """
                One of them then writes for all, which is faster than taking turns. Its path has at most 57 bytes.
                """,
            valueName: "folder"))
    var writerFolder: String?

    @OptionGroup(title: "Limits") var limits: LimitOptions

    func apply(to configuration: inout PostgresEventStore.Configuration) {
        limits.apply(to: &configuration)
        configuration.writerFolder = writerFolder
    }

    func validate() throws {
        for port in [commandPort, queryPort, healthPort] where !(0...65_535).contains(port) {
            throw ValidationError("\(port) is not a port: ports are between 0 and 65535.")
        }
    }

    /// - Throws: When the token file cannot be used, or others than this machine could come in without one.
    func authenticator() throws -> Authenticator {
        let authenticator: Authenticator =
            if let tokens { .tokens(try TokenFile(path: tokens).load()) } else { .trustingThisMachine }
        try authenticator.requireTokens(on: host)
        return authenticator
    }
}
