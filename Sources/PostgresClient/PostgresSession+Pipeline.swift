internal import CLibPQ

/// Statements that are sent without waiting for the answers to earlier ones.
///
/// All statements of a pipeline are one transaction: it commits when the pipeline ends without an error.
/// (PostgreSQL manual, 34.5.)
///
/// That transaction is begun and committed by statements of its own, and each ``flush()`` is a Sync: only then does
/// PostgreSQL see a session that is idle in a transaction, and ends it when the client stalls there. In the implicit
/// transaction of a pipeline no timer of the server runs between two statements, and locks could be held for ever.
public struct PostgresPipeline: ~Copyable {
    private enum Sent {
        case prepare(sql: String, name: String)
        case execute
        /// A statement whose answer says nothing.
        case control
        case sync
    }

    private let session: PostgresSession
    private var sent: [Sent] = []
    private var received = 0
    /// What the server was asked to answer: everything before this.
    private var flushed = 0
    /// What failed first. Nothing after it is carried out, and nothing before it is kept.
    private var failure: PostgresError?

    fileprivate init(_ session: PostgresSession) throws(PostgresError) {
        self.session = session
        try control("BEGIN")
    }

    private var raw: OpaquePointer { session.handle.raw }

    /// Queues a statement, which is prepared when it is first used.
    public mutating func send(_ sql: String, _ values: [PostgresValue] = []) throws(PostgresError) {
        try queue(sql, values, .execute)
    }

    private mutating func control(_ sql: String) throws(PostgresError) { try queue(sql, [], .control) }

    private mutating func queue(_ sql: String, _ values: [PostgresValue], _ kind: Sent) throws(PostgresError) {
        let name: String
        if let known = session.preparedName(sql) {
            name = known
        } else {
            name = session.makeStatementName()
            guard PQsendPrepare(raw, name, sql, 0, nil) == 1 else { throw session.connectionError() }
            session.rememberPrepared(sql, as: name)
            sent.append(.prepare(sql: sql, name: name))
        }
        let isSent = EncodedParameters(values).withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(raw, name, count, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw session.connectionError() }
        sent.append(kind)
    }

    /// Asks the server to answer what was sent so far. The transaction stays open.
    public mutating func flush() throws(PostgresError) {
        guard PQpipelineSync(raw) == 1 else { throw session.connectionError() }
        sent.append(.sync)
        flushed = sent.count
        try session.sendRest()
    }

    /// The answer to the first statement that has none yet. Call ``flush()`` before.
    ///
    /// - Throws: What failed; from then on every call fails with the same error, and so does the pipeline.
    public mutating func receive() throws(PostgresError) -> PostgresResult {
        if let failure { throw failure }
        while received < flushed {
            let index = received
            do throws(PostgresError) {
                let result = try receiveNext()
                if case .execute = sent[index] { return result }
            } catch {
                failure = error
                throw error
            }
        }
        throw PostgresError(.protocolViolation, detail: "no statement that was flushed is unanswered")
    }

    /// The answer to whatever comes next.
    private mutating func receiveNext() throws(PostgresError) -> PostgresResult {
        let index = received
        received += 1
        do throws(PostgresError) {
            let answer = try session.nextResult()
            if case .sync = sent[index] { return try session.check(answer) }
            let end: OpaquePointer?
            do throws(PostgresError) { end = try session.nextResult() } catch {
                PQclear(answer)
                throw error
            }
            let result = try session.check(answer)
            guard end == nil else {
                PQclear(end)
                throw PostgresError(.protocolViolation, detail: "two results for one statement of a pipeline")
            }
            return result
        } catch {
            forgetPrepared(from: index)
            throw error
        }
    }

    /// What follows a failed statement is not carried out up to the next Sync, and so not prepared.
    private func forgetPrepared(from index: Int) {
        for statement in sent[index...] {
            switch statement {
            case .prepare(let sql, _): session.forgetPrepared(sql)
            case .execute, .control: continue
            case .sync: return
            }
        }
    }

    /// Commits, and takes in all answers that nobody has asked for.
    fileprivate mutating func end() throws(PostgresError) {
        if failure == nil {
            try control("COMMIT")
            try flush()
            takeAll()
        }
        guard let failure else { return try session.warnings.check() }
        abort()
        throw failure
    }

    /// Rolls back, and takes in all answers.
    fileprivate mutating func abort() {
        // After an error everything up to the next Sync is passed over.
        guard (try? flush()) != nil, (try? control("ROLLBACK")) != nil, (try? flush()) != nil else { return }
        takeAll()
    }

    private mutating func takeAll() {
        while received < sent.count {
            do { _ = try receiveNext() } catch { failure = failure ?? error }
            guard PQstatus(raw) == CONNECTION_OK else { return }
        }
    }
}

extension PostgresSession {
    /// Runs `body` with a pipeline, and ends it: its transaction commits when `body` returns, and is rolled back when
    /// `body` throws or a statement fails.
    public func pipeline<R>(_ body: (inout PostgresPipeline) throws -> R) throws -> R {
        try makeRoomForStatements()
        try enterPipeline()
        defer { exitPipeline() }
        var pipeline = try PostgresPipeline(self)
        let value: R
        do {
            value = try body(&pipeline)
        } catch {
            pipeline.abort()
            throw error
        }
        try pipeline.end()
        return value
    }
}
