internal import CLibPQ
internal import Glibc

extension PostgresSession {
    /// Sends rows to a `COPY … FROM STDIN`, in whatever format the statement names.
    ///
    /// - Parameter body: Gets a function that sends bytes; rows may be cut anywhere. When it throws, no row is kept.
    /// - Returns: How many rows were stored.
    @discardableResult
    public func copyIn(_ sql: String, _ body: (_ send: (UnsafeRawBufferPointer) throws -> Void) throws -> Void) throws
        -> Int
    {
        let started = try run(sql)
        guard PQresultStatus(started.raw) == PGRES_COPY_IN else {
            throw PostgresError(.protocolViolation, detail: "the statement does not copy in")
        }
        do {
            try body { bytes in
                guard let base = bytes.baseAddress else { return }
                let status = PQputCopyData(handle.raw, base.assumingMemoryBound(to: CChar.self), CInt(bytes.count))
                guard status == 1 else { throw connectionError() }
                try sendRest()
            }
        } catch {
            _ = try? endCopy(failure: "the sender gave up")
            throw error
        }
        return try endCopy()
    }

    /// - Parameter failure: Why no row is to be kept.
    private func endCopy(failure: String? = nil) throws(PostgresError) -> Int {
        guard PQputCopyEnd(handle.raw, failure) == 1 else { throw connectionError() }
        try sendRest()
        return try finishCopy()
    }

    /// Receives rows from a `COPY … TO STDOUT`; `body` gets one at a time and must not keep its bytes.
    ///
    /// When `body` throws, the rest is read and thrown away.
    public func copyOut(_ sql: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let started = try run(sql)
        guard PQresultStatus(started.raw) == PGRES_COPY_OUT else {
            throw PostgresError(.protocolViolation, detail: "the statement does not copy out")
        }
        var failure: (any Error)?
        while let row = try nextCopyRow() {
            defer { PQfreemem(row.baseAddress) }
            guard failure == nil else { continue }
            do { try body(UnsafeRawBufferPointer(row)) } catch { failure = error }
        }
        try finishCopy()
        if let failure { throw failure }
    }

    private func nextCopyRow() throws(PostgresError) -> UnsafeMutableRawBufferPointer? {
        var row: UnsafeMutablePointer<CChar>?
        var length: CInt
        while true {
            length = PQgetCopyData(handle.raw, &row, 1)
            guard length == 0 else { break }
            try takeMore()
        }
        switch length {
        case -1: return nil
        case -2: throw connectionError()
        default: return UnsafeMutableRawBufferPointer(start: row, count: Int(length))
        }
    }

    /// Takes in the outcome of the `COPY` and the end of the statement.
    @discardableResult
    private func finishCopy() throws(PostgresError) -> Int {
        var failure: PostgresError?
        var count = 0
        while let raw = try nextResult() {
            do { count = try check(raw).affectedRowCount } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return count
    }
}
