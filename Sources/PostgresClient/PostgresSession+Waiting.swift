internal import CLibPQ
internal import Glibc

/// Waiting for the server, and no longer than ``ConnectionConfiguration/answerTimeout`` for a sign of life.
extension PostgresSession {
    /// As `PQgetResult`.
    func nextResult() throws(PostgresError) -> OpaquePointer? {
        while PQisBusy(handle.raw) == 1 { try takeAnswer() }
        return PQgetResult(handle.raw)
    }

    func enterPipeline() throws(PostgresError) {
        guard PQenterPipelineMode(handle.raw) == 1 else { throw connectionError() }
        warnings.clear()
    }

    func exitPipeline() { PQexitPipelineMode(handle.raw) }

    /// Sends what could not be sent at once, and takes in what the server sends meanwhile.
    func sendRest() throws(PostgresError) {
        while true {
            switch PQflush(handle.raw) {
            case 0: return
            case 1:
                guard isReady(POLLIN | POLLOUT, within: silenceMax) else { throw giveUp() }
                guard PQconsumeInput(handle.raw) == 1 else { throw connectionError() }
            default: throw connectionError()
            }
        }
    }

    /// Sends the rest of a statement.
    ///
    /// - Returns: The last result of what was sent; what came before it is thrown away, as `PQexec` does.
    func lastResult() throws(PostgresError) -> OpaquePointer? {
        try sendRest()
        var last: OpaquePointer?
        do {
            while let result = try nextResult() {
                PQclear(last)
                last = result
                if [PGRES_COPY_IN, PGRES_COPY_OUT].contains(PQresultStatus(result)) { break }
            }
            return last
        } catch {
            PQclear(last)
            throw error
        }
    }

    /// Takes in what the server has sent, and waits for it if nothing has come yet.
    func takeAnswer() throws(PostgresError) {
        // Without a socket there is nothing to wait for, and taking in fails.
        guard socket < 0 || isReady(POLLIN, within: silenceMax) else { throw giveUp() }
        guard PQconsumeInput(handle.raw) == 1 else { throw connectionError() }
    }

    /// Takes in more of what the server sends without an end, after a nap.
    ///
    /// A server sends 8 KiB at a time, and waking its reader for each of them costs it as much as making them. While
    /// the reader naps nobody is woken; the nap is shorter than the server takes to fill the socket.
    func takeMore() throws(PostgresError) {
        usleep(Self.napMicroseconds)
        try takeAnswer()
        // libpq takes in what it has room for, and makes more room each time it is asked.
        for _ in 0..<2 {
            guard PQconsumeInput(handle.raw) == 1 else { throw connectionError() }
        }
    }

    private static let napMicroseconds: UInt32 = 200

    /// Gives the connection up. libpq has no means for that; one that is shut is lost for it, too.
    func abandon() {
        shutdown(socket, CInt(SHUT_RDWR))
        PQconsumeInput(handle.raw)
    }

    private func giveUp() -> PostgresError {
        abandon()
        return PostgresError(.connectionLost, detail: "the server was silent for too long")
    }

    /// Whether the connection is still there, as far as can be known without asking the server. Takes one system call.
    ///
    /// To a session at rest a server says nothing before it ends it; or, hardly ever, that a setting has changed.
    var isAlive: Bool { PQstatus(handle.raw) == CONNECTION_OK && !isReady(POLLIN, within: .zero) }

    private func isReady(_ events: CInt, within timeout: Duration?) -> Bool {
        let deadline = timeout.map { ContinuousClock.now.advanced(by: $0) }
        while true {
            var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
            let left = deadline.map { max(.zero, ContinuousClock.now.duration(to: $0)).milliseconds } ?? -1
            let count = poll(&descriptor, 1, CInt(clamping: left))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}
