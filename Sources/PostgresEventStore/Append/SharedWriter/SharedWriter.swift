internal import EventSourcing
internal import Glibc
internal import PostgresClient

/// Lets the processes of one machine that append to the same log write through one of them.
///
/// Whoever appends waits for the log's lock, and processes that take turns at it write small groups, each with a flush
/// to disk of its own. One that writes for all makes large groups of what they have. It is the one that has the lock of
/// a file; the others hand it their groups through a socket, and take the file's lock when it is gone.
///
/// Nothing depends on that but speed: every process has a connection of its own, and goes back to it whenever something
/// is not as it should be. Whether appends that were handed over were written is then looked up, as after any failure.
struct SharedWriter: Sendable {
    enum Role {
        case leads(WriterLeadership)
        case follows(WriterLink)
    }

    private let folder: WriterFolder
    private let log: LogID
    private let patience: WriterPatience

    init(folder: String, log: LogID, patience: WriterPatience = WriterPatience()) {
        self.folder = WriterFolder(path: folder)
        self.log = log
        self.patience = patience
    }

    private static let pauseMicroseconds: useconds_t = 10_000

    /// - Parameter session: A session of the log's database.
    /// - Throws: Why this process has to write by itself.
    func join(_ session: PostgresSession) throws -> Role {
        try folder.prepare()
        let name = try fileName(session)
        let deadline = ContinuousClock.now.advanced(by: patience.appearing)
        while true {
            if let lock = try folder.lock(name) { return .leads(try lead(lock, name, session)) }
            do throws(SocketError) {
                let socket = try FrameSocket.connect(to: folder.socketPath(name), silenceMax: patience.appearing)
                return .follows(try follow(socket, greeting: try socket.receive(), session))
            } catch {
                guard ContinuousClock.now < deadline, !error.isFinal else { throw error }
            }
            usleep(Self.pauseMicroseconds)
        }
    }

    private func lead(_ lock: WriterLock, _ name: String, _ session: PostgresSession) throws -> WriterLeadership {
        let listener = try FrameListener(at: folder.socketPath(name))
        let token = Int64.random(in: .min ... .max)
        try session.execute("SELECT pg_advisory_lock($1)", [.int64(token)])
        return WriterLeadership(lock, listener, Greeting(token: token), patience)
    }

    private func follow(
        _ socket: FrameSocket, greeting frame: [UInt8], _ session: PostgresSession
    ) throws(SocketError) -> WriterLink {
        guard let greeting = Greeting(frame), greeting.isOfThisVersion, try isHeld(greeting.token, session) else {
            throw SocketError(
                final: "who writes to this log is another version of this program, or is on another server")
        }
        socket.setSilenceMax(patience.answering)
        return WriterLink(socket, log: log.name)
    }

    /// Whether the leader's session is on the same database of the same server as this one: it holds a lock there that
    /// nobody else could know of.
    private func isHeld(_ token: Int64, _ session: PostgresSession) throws(SocketError) -> Bool {
        do {
            return try session.execute(
                """
                SELECT EXISTS (
                    SELECT FROM pg_locks
                    JOIN pg_database ON pg_database.oid = pg_locks.database AND datname = current_database()
                    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
                        AND classid = ($1::bigint >> 32 & 4294967295)::oid AND objid = ($1::bigint & 4294967295)::oid
                )
                """, [.int64(token)]
            ).bool(0, 0)
        } catch {
            throw SocketError(final: "\(error)")
        }
    }

    /// The server, the database and the log. A copy of a server has the same number: whether it is this one, the
    /// leader's lock tells.
    func fileName(_ session: PostgresSession) throws -> String {
        let row = try session.execute(
            """
            SELECT system_identifier, pg_database.oid::bigint FROM pg_control_system()
            JOIN pg_database ON datname = current_database()
            """)
        return "\(UInt64(bitPattern: try row.int64(0, 0)))-\(try row.int64(0, 1))-\(log.rawValue)"
    }
}
