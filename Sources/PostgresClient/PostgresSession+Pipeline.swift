internal import CLibPQ

/// Statements that are sent without waiting for the answers to earlier ones.
///
/// All statements of a pipeline are one transaction: it commits when the pipeline ends without an error.
/// (PostgreSQL manual, 34.5.)
public struct PostgresPipeline: ~Copyable {
    private enum Sent {
        case prepare(sql: String, name: String)
        case execute
    }

    private let session: PostgresSession
    private var sent: [Sent] = []
    private var received = 0
    /// What failed first. Nothing after it is carried out, and nothing before it is kept.
    private var failure: PostgresError?

    fileprivate init(_ session: PostgresSession) { self.session = session }

    private var raw: OpaquePointer { session.handle.raw }

    /// Queues a statement, which is prepared when it is first used.
    public mutating func send(_ sql: String, _ values: [PostgresValue] = []) throws(PostgresError) {
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
        sent.append(.execute)
    }

    /// Asks the server to answer what was sent so far. The transaction stays open.
    public func flush() throws(PostgresError) {
        guard PQsendFlushRequest(raw) == 1, PQflush(raw) == 0 else { throw session.connectionError() }
    }

    /// The answer to the first statement that has none yet. Call ``flush()`` before.
    ///
    /// - Throws: What failed; from then on every call fails with the same error, and so does the pipeline.
    public mutating func receive() throws(PostgresError) -> PostgresResult {
        if let failure { throw failure }
        while received < sent.count {
            let index = received
            received += 1
            do throws(PostgresError) {
                let result = try session.check(PQgetResult(raw))
                guard PQgetResult(raw) == nil else {
                    throw PostgresError(.protocolViolation, detail: "two results for one statement of a pipeline")
                }
                if case .execute = sent[index] { return result }
            } catch {
                forgetUnprepared(from: index)
                failure = error
                throw error
            }
        }
        throw PostgresError(.protocolViolation, detail: "no statement of the pipeline is unanswered")
    }

    /// What follows a failed statement is not carried out, and so not prepared.
    private func forgetUnprepared(from index: Int) {
        for case .prepare(let sql, _) in sent[index...] { session.forgetPrepared(sql) }
    }

    /// Ends the transaction, and takes in all answers that nobody has asked for.
    fileprivate mutating func end() throws(PostgresError) {
        guard PQpipelineSync(raw) == 1 else { throw session.connectionError() }
        while failure == nil, received < sent.count { _ = try? receive() }
        try skipToSync()
        if let failure { throw failure }
    }

    /// Reads up to the mark that ``end()`` sent; an error there is the commit's own, unless something failed before.
    private mutating func skipToSync() throws(PostgresError) {
        while true {
            guard let result = PQgetResult(raw) else {
                guard PQstatus(raw) == CONNECTION_OK else { throw failure ?? session.connectionError() }
                continue
            }
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                return
            }
            do { _ = try session.check(result) } catch { failure = failure ?? error }
        }
    }

    /// Ends a pipeline whose body failed: the transaction is rolled back by the error that made it fail, or, when the
    /// server knows of none, by one that is sent for this purpose.
    fileprivate mutating func abort() {
        _ = PQsendQueryParams(raw, "SELECT 1/0", 0, nil, nil, nil, nil, 1)
        guard PQpipelineSync(raw) == 1 else { return }
        forgetUnprepared(from: min(received, sent.count))
        try? skipToSync()
    }
}

extension PostgresSession {
    /// Runs `body` with a pipeline, and ends it: its transaction commits when `body` returns, and is rolled back when
    /// `body` throws or a statement fails.
    public func pipeline<R>(_ body: (inout PostgresPipeline) throws -> R) throws -> R {
        guard PQenterPipelineMode(handle.raw) == 1 else { throw connectionError() }
        defer { PQexitPipelineMode(handle.raw) }
        var pipeline = PostgresPipeline(self)
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
