/// What is done to a system that is at work.
public enum FaultKind: String, CaseIterable, Sendable, Hashable, Codable {
    case killWriter, freezeWriter, killServer, terminateBackends, stallConnections, cutCommitAnswers
    case statementTimeout, openTransaction, fullDisk, failOver

    /// What is done, for people.
    public var title: String {
        switch self {
        case .killWriter: "SIGKILL of the writing process"
        case .freezeWriter: "SIGSTOP of the writing process, and SIGCONT"
        case .killServer: "SIGKILL and restart of PostgreSQL"
        case .terminateBackends: "pg_terminate_backend on random backends"
        case .stallConnections: "connections that stall"
        case .cutCommitAnswers: "connections cut in a commit"
        case .statementTimeout: "statement timeouts"
        case .openTransaction: "a transaction left open in another database"
        case .fullDisk: "a full disk"
        case .failOver: "fail-over to a promoted synchronous standby"
        }
    }

    /// What is counted besides the fault itself.
    public var hits: String {
        switch self {
        case .killWriter, .freezeWriter: "appends in flight"
        case .killServer, .failOver: "sessions cut off"
        case .terminateBackends: "backends ended"
        case .stallConnections: "connections stalled"
        case .cutCommitAnswers: "commits cut"
        case .statementTimeout: "sessions that waited for the lock"
        case .openTransaction: "checks while it was open"
        case .fullDisk: "writes that found no room"
        }
    }

    var fault: any Fault {
        switch self {
        case .killWriter: KillWriter()
        case .freezeWriter: FreezeWriter()
        case .killServer: KillServer()
        case .terminateBackends: TerminateBackends()
        case .stallConnections: StallConnections()
        case .cutCommitAnswers: CutCommitAnswers()
        case .statementTimeout: StatementTimeout()
        case .openTransaction: OpenTransaction()
        case .fullDisk: FullDisk()
        case .failOver: FailOver()
        }
    }
}
