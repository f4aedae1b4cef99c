internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Holds this coordinator's fair part of a saga's shares.
struct SagaLeases: Sendable {
    private let saga: SagaName
    private let pool: PostgresPool
    private let timeToLive: Duration
    private let owner = UUID()

    init(saga: SagaName, pool: PostgresPool, timeToLive: Duration) {
        self.saga = saga
        self.pool = pool
        self.timeToLive = timeToLive
    }

    private var prefix: String { "saga/\(saga)/" }
    private var membership: String { prefix + "member/\(owner.uuidString)" }
    private func name(_ share: Int) -> String { prefix + "share/\(share)" }

    /// Renews what is held, takes what is due to this process and gives back what is due to others.
    ///
    /// - Returns: The shares that are held now.
    func renew() async throws -> Set<Int> {
        try await pool.transaction { session in
            _ = try LeaseTable.acquire([membership], for: owner, timeToLive: timeToLive, in: session)
            try LeaseTable.forget(prefix: prefix, in: session)
            let live = try LeaseTable.live(prefix: prefix, in: session)
            let shares = live.compactMap { lease in share(lease.name).map { (share: $0, owner: lease.owner) } }
            let held = Set(shares.filter { $0.owner == owner }.map(\.share))
            let others = Set(shares.filter { $0.owner != owner }.map(\.share))
            let members = live.count { $0.name.hasPrefix(prefix + "member/") }
            let plan = LeaseShare(shareCount: SagaShare.count).plan(held: held, heldByOthers: others, members: members)
            if !plan.release.isEmpty { try LeaseTable.release(plan.release.map(name), of: owner, in: session) }
            let wanted = held.subtracting(plan.release).union(plan.acquire)
            guard !wanted.isEmpty else { return [] }
            let taken = try LeaseTable.acquire(
                wanted.sorted().map(name), for: owner, timeToLive: timeToLive, in: session)
            return Set(taken.compactMap(share))
        }
    }

    /// Gives back everything, so that others need not wait for it to run out.
    func release() async {
        await LeaseTable.giveBack([membership] + (0..<SagaShare.count).map(name), of: owner, pool)
    }

    private func share(_ name: String) -> Int? {
        name.hasPrefix(prefix + "share/") ? Int(name.dropFirst((prefix + "share/").count)) : nil
    }
}
