internal import ArgumentParser
internal import EventCodec
internal import HTTPSupport

struct TokensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Make a token for the APIs.",
        discussion: """
            The token is printed once; the file keeps its hash alone. Roles: customer (own orders only; needs \
            --customer), staff (runs the shop), operator (may do everything), auditor (sees everything), service (appends \
            to the log and reads all of it, over the store API).
            """)

    @Option(help: "The token file; it is made if it is not there.")
    var file: String

    @Option(help: "Who gets the token; it is kept in the history of what they do.")
    var actor: String

    @Option(help: "A role; may be given several times.")
    var role: [String]

    @Option(help: "The customer that the token's owner is.")
    var customer: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        var roles: Roles = []
        for name in role {
            guard let known = Roles(name: name) else {
                throw ValidationError("'\(name)' is no role. There are: \(Roles.all.names.joined(separator: ", ")).")
            }
            roles.formUnion(known)
        }
        guard !roles.contains(.customer) || customer != nil else {
            throw ValidationError("The role customer needs --customer: it sees that customer's orders alone.")
        }
        let (token, entry) = TokenEntry.make(for: Principal(actor: actor, roles: roles, customerID: customer))
        try TokenFile(path: file).add(entry)
        guard !output.json else { return try printJSON(["token": .string(token), "file": .string(file)]) }
        try printLine(token)
    }
}
