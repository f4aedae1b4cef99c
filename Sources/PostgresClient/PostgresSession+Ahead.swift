internal import CLibPQ

/// Statements that are sent before the answers to earlier ones are there, each a transaction of its own: while the
/// server carries one out, the next one is made and sent. (PostgreSQL manual, 34.5.)
///
/// Until all of them are answered nothing else can be done on the connection.
extension PostgresSession {
    /// Sends a statement, which is prepared when it is first used.
    public func sendAhead(_ sql: String, _ values: [PostgresValue] = []) throws(PostgresError) {
        if ahead.isEmpty {
            try makeRoomForStatements()
            try enterPipeline()
        }
        let known = preparedName(sql)
        let name = known ?? makeStatementName()
        if known == nil {
            guard PQsendPrepare(handle.raw, name, sql, 0, nil) == 1 else { throw connectionError() }
            rememberPrepared(sql, as: name)
        }
        let isSent = EncodedParameters(values).withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(handle.raw, name, count, values, lengths, formats, 1)
        }
        guard isSent == 1, PQpipelineSync(handle.raw) == 1 else { throw connectionError() }
        ahead.append(known == nil ? .preparing(sql) : .prepared)
        try sendRest()
    }

    /// The answer to the first statement that was sent ahead and has none yet.
    ///
    /// - Throws: Why that statement failed; those after it are not touched by that. When the server warns as it
    ///   commits, the connection counts as lost, and the outcome of all of them as unknown.
    public func receiveAhead() throws(PostgresError) -> PostgresResult {
        guard !ahead.isEmpty else {
            throw PostgresError(.protocolViolation, detail: "no statement that was sent ahead is unanswered")
        }
        let statement = ahead.removeFirst()
        defer { if ahead.isEmpty { exitPipeline() } }
        let (rows, failure, isPrepared) = try receiveUpToSync()
        if let failure {
            PQclear(rows)
            // A statement that was prepared stays so, whatever became of it then.
            if case .preparing(let sql) = statement, !isPrepared { forgetPrepared(sql) }
            throw failure
        }
        let result = try check(rows)
        try warnings.check()
        return result
    }

    /// Takes in all that answers one statement: what its preparation gave, its rows, and the mark of its end.
    private func receiveUpToSync() throws(PostgresError)
        -> (rows: OpaquePointer?, failure: PostgresError?, isPrepared: Bool)
    {
        var rows: OpaquePointer?
        var failure: PostgresError?
        var isPrepared = false
        while true {
            let next: OpaquePointer?
            do { next = try nextResult() } catch {
                PQclear(rows)
                throw failure ?? error
            }
            guard let raw = next else {
                guard PQstatus(handle.raw) == CONNECTION_OK else {
                    PQclear(rows)
                    throw failure ?? connectionError()
                }
                continue
            }
            switch PQresultStatus(raw) {
            case PGRES_PIPELINE_SYNC:
                PQclear(raw)
                return (rows, failure, isPrepared)
            case PGRES_TUPLES_OK: rows = raw
            case PGRES_COMMAND_OK:
                PQclear(raw)
                isPrepared = true
            default: do { _ = try check(raw) } catch { failure = failure ?? error }
            }
        }
    }
}

/// A statement that was sent ahead.
enum StatementAhead {
    case prepared
    /// Its text was sent with it, to be prepared.
    case preparing(String)
}
