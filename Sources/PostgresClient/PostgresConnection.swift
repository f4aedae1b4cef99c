internal import CLibPQ

/// One connection to PostgreSQL: an actor on a thread of its own, so that libpq's blocking calls block nobody else.
public actor PostgresConnection {
    private let thread: DedicatedThread
    private let configuration: ConnectionConfiguration
    private var session: PostgresSession?
    private let canceller = Canceller()
    private var notifications: AsyncStream<PostgresNotification>.Continuation?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Connects.
    ///
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/connectionFailed``.
    public static func connect(_ configuration: ConnectionConfiguration) async throws(PostgresError)
        -> PostgresConnection
    {
        let connection = try PostgresConnection(configuration)
        try await connection.open()
        return connection
    }

    /// Lends `body` a connection, which is closed afterwards, also when `body` throws.
    ///
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/connectionFailed``, and what `body` throws.
    public static func with<R>(
        _ configuration: ConnectionConfiguration, _ body: (PostgresConnection) async throws -> R
    ) async throws -> R {
        let connection = try await connect(configuration)
        let result = await Result { try await body(connection) }
        await connection.close()
        return try result.get()
    }

    private init(_ configuration: ConnectionConfiguration) throws(PostgresError) {
        self.configuration = configuration
        thread = try DedicatedThread(name: "postgres")
    }

    deinit {
        notifications?.finish()
        thread.stop()
    }

    private func open() throws(PostgresError) {
        let session = try PostgresSession(configuration)
        canceller.use(CancelHandle(session.handle))
        self.session = session
    }

    /// Closes the connection; what runs later fails.
    public func close() {
        thread.unwatch()
        notifications?.finish()
        notifications = nil
        canceller.use(nil)
        session = nil
    }

    var isUsable: Bool { session.map { $0.isUsable && $0.isIdle } ?? false }

    /// Runs `body` on the connection's thread. Cancelling the task cancels the statement that runs.
    ///
    /// - Throws: What `body` throws; ``PostgresError`` with ``PostgresError/Code/cancelled`` when the task is
    ///   cancelled.
    public func run<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        try await run(lookFirst: false, body)
    }

    /// - Parameter lookFirst: Whether a connection that was lost while it was idle is reported by ``LostWhileIdle``
    ///   before `body` begins.
    func run<R: Sendable>(lookFirst: Bool, _ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        if lookFirst, session?.isAlive != true { throw LostWhileIdle() }
        guard let session else { throw PostgresError(.connectionLost, detail: "the connection is closed") }
        guard !Task.isCancelled else { throw PostgresError(.cancelled, detail: "cancelled before it began") }
        let job = canceller.begin()
        return try await withTaskCancellationHandler {
            defer { end(session) }
            do {
                return try body(session)
            } catch let error as PostgresError where error.sqlState == .queryCanceled && canceller.wasCancelled(job) {
                throw PostgresError(.cancelled, sqlState: .queryCanceled, detail: "the task was cancelled")
            }
        } onCancel: {
            canceller.cancel(job)
        }
    }

    /// A request to cancel that reached the server after the statement's end would hit the next one; one that is still
    /// on its way may do so at any time.
    private func end(_ session: PostgresSession) {
        switch canceller.end() {
        case .undisturbed: return
        case .cancelled: absorbLateCancel(session)
        case .cancelIsOnItsWay: session.abandon()
        }
    }

    private func absorbLateCancel(_ session: PostgresSession) {
        guard session.isUsable else { return }
        try? session.executeScript("SELECT pg_sleep(0.001)")
        if !session.isIdle { try? session.executeScript("ROLLBACK") }
    }
}

/// The connection went while nobody used it: nothing was sent, and another one will do.
struct LostWhileIdle: Error {}

// MARK: LISTEN

/// What another session sent with `NOTIFY`.
public struct PostgresNotification: Sendable, Hashable {
    public let channel: String
    public let payload: String
}

extension PostgresConnection {
    /// Listens on `channel` until the connection is closed or lost.
    ///
    /// - Returns: The notifications; the sequence ends when the connection is closed or lost.
    public func listen(on channel: String) throws(PostgresError) -> AsyncStream<PostgresNotification> {
        guard let session else { throw PostgresError(.connectionLost, detail: "the connection is closed") }
        try session.executeScript("LISTEN " + quotedIdentifier(channel))
        let (stream, continuation) = AsyncStream.makeStream(
            of: PostgresNotification.self, bufferingPolicy: .bufferingNewest(1_024))
        notifications?.finish()
        notifications = continuation
        thread.watch(session.socket) { [weak self] in
            guard let self else { return continuation.finish() }
            let isAlive = self.assumeIsolated { $0.takeNotifications(continuation) }
            if !isAlive { continuation.finish() }
        }
        return stream
    }

    private func takeNotifications(_ continuation: AsyncStream<PostgresNotification>.Continuation) -> Bool {
        guard let session, PQconsumeInput(session.handle.raw) == 1 else {
            thread.unwatch()
            return false
        }
        while let notify = PQnotifies(session.handle.raw) {
            defer { PQfreemem(notify) }
            continuation.yield(
                PostgresNotification(
                    channel: String(cString: notify.pointee.relname), payload: String(cString: notify.pointee.extra)))
        }
        return true
    }
}
