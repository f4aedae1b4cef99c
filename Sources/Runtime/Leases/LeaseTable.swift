internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Shares work between processes: who holds a lease does the work that it names.
///
/// A process that stalls may hold on to what it has lost; what it writes then must be refused by other means
/// (checkpoints and expected revisions are).
struct LeaseTable: Sendable {
    static let timeToLive = Duration.seconds(6)
    /// How often leases are renewed.
    static let renewalInterval = timeToLive / 3

    /// A lease that runs out later than this was taken before the server's clock was set back; nobody may renew it any
    /// more. Well above every time to live, so that none that is held is among them.
    private static let farthest = "interval '1 minute'"

    private static let givingBackPatience = Duration.seconds(2)

    /// A process's name for as long as it runs.
    let owner: UUID
    private let pool: PostgresPool
    private let timeToLive: Duration

    init(pool: PostgresPool, owner: UUID = UUID(), timeToLive: Duration = LeaseTable.timeToLive) {
        self.pool = pool
        self.owner = owner
        self.timeToLive = timeToLive
    }

    /// Runs `body` whenever the lease is held, and cancels it when the lease is lost. Returns when `body` does.
    func holding(_ name: String, _ body: @escaping @Sendable () async throws -> Void) async throws {
        while try await !acquire(name) {
            try await Task.sleep(for: Self.timeToLive / 4, clock: .continuous)
        }
        let result = await Result {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await body() }
                group.addTask { try await keep(name) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        await release(name)
        try result.get()
    }

    private func keep(_ name: String) async throws {
        while true {
            try await Task.sleep(for: Self.renewalInterval, clock: .continuous)
            guard try await acquire(name) else { throw LeaseLost(name: name) }
        }
    }

    private func acquire(_ name: String) async throws -> Bool {
        try await pool.run { session in
            try Self.acquire([name], for: owner, timeToLive: timeToLive, in: session).contains(name)
        }
    }

    private func release(_ name: String) async { await Self.giveBack([name], of: owner, pool) }

    /// Spares a successor the wait for leases to run out, and gives up soon where the server is away: they run out
    /// anyway.
    ///
    /// In a task of its own, which is awaited, because the caller's is often cancelled by now.
    static func giveBack(_ names: [String], of owner: UUID, _ pool: PostgresPool) async {
        await Task {
            try? await withTimeLimit(givingBackPatience) {
                try await pool.run { session in try LeaseTable.release(names, of: owner, in: session) }
            }
        }.value
    }

    /// Takes or renews leases that are free, run out, held already, or left behind by a clock that was set back.
    ///
    /// - Parameter timeToLive: Whole seconds, less than a minute.
    /// - Returns: Those that are held now.
    static func acquire(
        _ names: [String], for owner: UUID, timeToLive: Duration = LeaseTable.timeToLive,
        in session: PostgresSession
    ) throws -> Set<String> {
        let result = try session.execute(
            """
            INSERT INTO strata.leases AS held (name, owner, expires_at)
            SELECT name, $2, now() + make_interval(secs => $3::int) FROM unnest($1::text[]) AS names (name) ORDER BY name
            ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at
            WHERE held.owner = EXCLUDED.owner OR held.expires_at < now()
                OR held.expires_at > now() + \(farthest)
            RETURNING name
            """,
            [.textArray(names), .uuid(owner.uuid), .int32(Int32(timeToLive.components.seconds))])
        return Set((0..<result.rowCount).map { result.text($0, 0) })
    }

    static func release(_ names: [String], of owner: UUID, in session: PostgresSession) throws {
        _ = try session.execute(
            "DELETE FROM strata.leases WHERE name = ANY ($1::text[]) AND owner = $2",
            [.textArray(names), .uuid(owner.uuid)])
    }

    /// Clears away leases that ran out long ago: those of processes that were killed.
    static func forget(prefix: String, in session: PostgresSession) throws {
        _ = try session.execute(
            "DELETE FROM strata.leases WHERE starts_with(name, $1) AND expires_at < now() - interval '1 hour'",
            [.text(prefix)])
    }

    /// Leases whose names begin with `prefix` and that have not run out.
    static func live(prefix: String, in session: PostgresSession) throws -> [(name: String, owner: UUID)] {
        let result = try session.execute(
            """
            SELECT name, owner FROM strata.leases
            WHERE starts_with(name, $1) AND expires_at BETWEEN now() AND now() + \(farthest)
            """, [.text(prefix)])
        return try (0..<result.rowCount).map { row in
            (result.text(row, 0), UUID(uuid: try result.uuidBytes(row, 1)))
        }
    }
}

/// Another process has taken over.
struct LeaseLost: Error, CustomStringConvertible {
    let name: String
    var description: String { "the lease '\(name)' went to another process" }
}
