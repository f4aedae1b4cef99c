internal import ArgumentParser

/// What one process of a deployment does.
enum ProcessRole: String, CaseIterable, ExpressibleByArgument {
    case commands, queries, projector, sagas, notary, store

    /// Those that make up the shop. The store over HTTP passes by the shop's rules, and is served where it is asked
    /// for.
    static let shop: Set<ProcessRole> = [.commands, .queries, .projector, .sagas, .notary]

    var summary: String {
        switch self {
        case .commands: "the command API: takes writes over HTTP"
        case .queries: "the query API: answers reads over HTTP"
        case .projector: "keeps the read models up to date"
        case .sagas: "drives orders, stock and payments to their end"
        case .notary: "seals full ranges of the log into segments, in the folder --archive"
        case .store: "the store API: lets services in other languages append, read and follow over HTTP"
        }
    }
}
