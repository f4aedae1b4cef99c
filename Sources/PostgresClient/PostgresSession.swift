internal import CLibPQ

/// What can be done on a connection, from its own thread: every call blocks until the server has answered.
///
/// A session is only lent to the closures of ``PostgresConnection/run(_:)`` and ``PostgresPool/run(_:)``; it cannot
/// leave them.
public final class PostgresSession {
    let warnings = ServerWarnings()
    let handle: ConnectionHandle
    let silenceMax: Duration?
    private var prepared: [String: String] = [:]
    /// How many statements are kept prepared.
    private static let preparedMax = 256
    private var statementCount = 0
    /// What was sent ahead and is not answered yet.
    var ahead: [StatementAhead] = []

    init(_ configuration: ConnectionConfiguration) throws(PostgresError) {
        handle = try ConnectionHandle(configuration)
        silenceMax = configuration.silenceMax
        // So that libpq does not wait for a server that takes nothing: what cannot be sent at once is left to
        // `sendRest()`.
        guard PQsetnonblocking(handle.raw, 1) == 0 else { throw connectionError() }
        warnings.listen(to: handle.raw)
        try executeScript(configuration.sessionSettings)
    }

    /// Whether the connection can still be used.
    var isUsable: Bool { PQstatus(handle.raw) == CONNECTION_OK && PQpipelineStatus(handle.raw) == PQ_PIPELINE_OFF }

    var isIdle: Bool { PQtransactionStatus(handle.raw) == PQTRANS_IDLE }

    var socket: CInt { PQsocket(handle.raw) }

    /// Runs one statement, which is prepared when it is first used.
    @discardableResult
    public func execute(_ sql: String, _ values: [PostgresValue] = []) throws(PostgresError) -> PostgresResult {
        try makeRoomForStatements()
        if prepared[sql] == nil {
            let name = makeStatementName()
            guard PQsendPrepare(handle.raw, name, sql, 0, nil) == 1 else { throw connectionError() }
            _ = try check(lastResult())
            prepared[sql] = name
        }
        let name = prepared[sql] ?? ""
        let isSent = EncodedParameters(values).withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(handle.raw, name, count, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw connectionError() }
        return try check(lastResult())
    }

    /// Runs statements without parameters, in one implicit transaction unless they say otherwise.
    public func executeScript(_ sql: String) throws(PostgresError) {
        _ = try run(sql)
    }

    /// Runs statements without parameters, and gives the last one's result.
    func run(_ sql: String) throws(PostgresError) -> PostgresResult {
        guard PQsendQuery(handle.raw, sql) == 1 else { throw connectionError() }
        return try check(lastResult())
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Throws: What `body` throws, or ``PostgresError``; with ``PostgresError/Code/connectionLost`` from the commit
    ///   itself, whether it happened is unknown.
    public func transaction<R>(_ body: (PostgresSession) throws -> R) throws -> R {
        try executeScript("BEGIN")
        let value: R
        do {
            value = try body(self)
        } catch {
            try? executeScript("ROLLBACK")
            throw error
        }
        // PostgreSQL would answer the commit of a failed transaction with a rollback, and call that a success.
        guard PQtransactionStatus(handle.raw) != PQTRANS_INERROR else {
            try? executeScript("ROLLBACK")
            throw PostgresError(
                .server, sqlState: .inFailedTransaction, detail: "a statement had failed, unnoticed")
        }
        warnings.clear()
        try executeScript("COMMIT")
        try warnings.check()
        return value
    }

    /// For work that goes on between statements, which nothing else ends when the task is cancelled.
    ///
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/cancelled``.
    public func checkCancellation() throws(PostgresError) {
        if Task.isCancelled { throw PostgresError(.cancelled, detail: "cancelled between two statements") }
    }

    /// Never the same twice: the server may know a statement that was forgotten here.
    func makeStatementName() -> String {
        statementCount += 1
        return "strata_\(statementCount)"
    }

    /// Statements whose text depends on what is asked for would pile up, here and on the server.
    func makeRoomForStatements() throws(PostgresError) {
        guard prepared.count >= Self.preparedMax else { return }
        _ = try run("DEALLOCATE ALL")
        prepared = [:]
    }

    func preparedName(_ sql: String) -> String? { prepared[sql] }
    func rememberPrepared(_ sql: String, as name: String) { prepared[sql] = name }
    func forgetPrepared(_ sql: String) { prepared[sql] = nil }

    func check(_ raw: OpaquePointer?) throws(PostgresError) -> PostgresResult {
        guard let raw else { throw connectionError() }
        let result = PostgresResult(raw)
        switch PQresultStatus(raw) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_PIPELINE_SYNC, PGRES_EMPTY_QUERY:
            return result
        case PGRES_PIPELINE_ABORTED:
            throw PostgresError(.server, detail: "an earlier statement of the pipeline failed")
        default:
            throw error(of: result)
        }
    }

    private func error(of result: borrowing PostgresResult) -> PostgresError {
        func field(_ code: UnicodeScalar) -> String? {
            PQresultErrorField(result.raw, CInt(code.value)).map { String(cString: $0) }
        }
        let message = String(cString: PQresultErrorMessage(result.raw))
        let state = field("C").map(SQLState.init)
        guard PQstatus(handle.raw) == CONNECTION_OK, let state else {
            return PostgresError(.connectionLost, sqlState: state, detail: message)
        }
        // After a fatal error the server hangs up, whatever the reason.
        let code: PostgresError.Code = field("V") == "FATAL" || field("V") == "PANIC" ? .connectionLost : .server
        return PostgresError(code, sqlState: state, constraint: field("n"), detail: message)
    }

    func connectionError() -> PostgresError {
        PostgresError(.connectionLost, detail: String(cString: PQerrorMessage(handle.raw)))
    }
}
