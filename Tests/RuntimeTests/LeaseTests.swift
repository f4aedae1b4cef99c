import EventSourcingTesting
import FoundationEssentials
import PostgresClient
import Testing

@testable import Runtime

@Suite struct `A fair share` {
    struct Row: Sendable {
        let held: Set<Int>
        let others: Set<Int>
        let members: Int
        let plan: LeaseShare.Plan

        init(_ held: Set<Int>, _ others: Set<Int>, of members: Int, release: Set<Int> = [], acquire: [Int] = []) {
            self.held = held
            self.others = others
            self.members = members
            plan = .init(release: release, acquire: acquire)
        }
    }

    @Test(arguments: [
        Row([], [], of: 1, acquire: [0, 1, 2, 3, 4, 5, 6, 7]),
        Row([0, 1, 2, 3, 4, 5, 6, 7], [], of: 1),
        Row([0, 1, 2, 3, 4, 5, 6, 7], [], of: 2, release: [4, 5, 6, 7]),
        Row([0, 1, 2, 3], [], of: 2),
        Row([], [0, 1, 2, 3], of: 2, acquire: [4, 5, 6, 7]),
        Row([], [0, 1, 2, 3, 4, 5, 6, 7], of: 2),
        Row([0], [1, 2], of: 3, acquire: [3, 4]),
        Row([0, 1, 2], [3, 4, 5], of: 3),
        Row([], [0, 1, 2, 3, 4, 5], of: 3, acquire: [6, 7]),
        Row([0, 1], [], of: 100, release: [1]),
    ])
    func `is kept, taken and given back`(_ row: Row) {
        #expect(
            LeaseShare(shareCount: 8).plan(held: row.held, heldByOthers: row.others, members: row.members) == row.plan)
    }

    /// Processes come and go and plan in any order.
    @Test func `is never exceeded, and every share is taken in the end`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(seed)
        for _ in 0..<300 {
            let shares = Int.random(in: 1...20, using: &random)
            var held = [Set<Int>](repeating: [], count: Int.random(in: 1...8, using: &random))
            for _ in 0..<20 {
                if Int.random(in: 0..<4, using: &random) == 0 { held.append([]) }
                if held.count > 1, Int.random(in: 0..<4, using: &random) == 0 {
                    held.remove(at: held.indices.randomElement(using: &random) ?? 0)
                }
                plan(&held, shares, held.indices.randomElement(using: &random) ?? 0, seed)
            }
            for _ in 0..<2 { for member in held.indices { plan(&held, shares, member, seed) } }
            #expect(held.reduce(Set()) { $0.union($1) } == Set(0..<shares), "seed \(seed)")
        }
    }

    private func plan(_ held: inout [Set<Int>], _ shares: Int, _ member: Int, _ seed: UInt64) {
        let others = held.indices.filter { $0 != member }.reduce(Set<Int>()) { $0.union(held[$1]) }
        let plan = LeaseShare(shareCount: shares).plan(held: held[member], heldByOthers: others, members: held.count)
        #expect(others.isDisjoint(with: plan.acquire), "seed \(seed)")
        held[member] = held[member].subtracting(plan.release).union(plan.acquire)
        #expect(held[member].count <= (shares + held.count - 1) / held.count, "seed \(seed)")
    }
}

@Suite struct `Leases` {
    private let left = UUID()
    private let right = UUID()

    @Test func `are held by one`() async throws {
        try await Deployment().withProcess { process in
            let taken = try await process.pool.run { session in
                [
                    try LeaseTable.acquire(["a", "b"], for: left, in: session),
                    try LeaseTable.acquire(["b", "c"], for: right, in: session),
                    try LeaseTable.acquire(["a", "b", "c"], for: left, in: session),
                ]
            }
            #expect(taken == [["a", "b"], ["c"], ["a", "b"]])
        }
    }

    @Test func `are given back by their holder alone`() async throws {
        try await Deployment().withProcess { process in
            let live = try await process.pool.run { session in
                _ = try LeaseTable.acquire(["x/a", "x/b", "y"], for: left, in: session)
                try LeaseTable.release(["x/a", "x/b"], of: right, in: session)
                try LeaseTable.release(["x/a"], of: left, in: session)
                return try LeaseTable.live(prefix: "x/", in: session)
            }
            #expect(live.map(\.name) == ["x/b"])
            #expect(live.map(\.owner) == [left])
        }
    }

    @Test func `are not waited for where nobody can take them back`() async {
        let pool = PostgresPool(ConnectionConfiguration(connectionString: "host=127.0.0.1 port=1"))
        let began = ContinuousClock.now
        await LeaseTable.giveBack(["a"], of: left, pool)
        #expect(began.duration(to: .now) < .seconds(10))
        await pool.close()
    }

    @Test func `can be taken once they have run out`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            _ = try await process.pool.run { try LeaseTable.acquire(["a"], for: left, in: $0) }
            try await deployment.query {
                try $0.executeScript("UPDATE strata.leases SET expires_at = now() - interval '1 s'")
            }
            let (live, taken) = try await process.pool.run { session in
                (
                    try LeaseTable.live(prefix: "a", in: session).count,
                    try LeaseTable.acquire(["a"], for: right, in: session)
                )
            }
            #expect(live == 0)
            #expect(taken == ["a"])
        }
    }

    @Test func `can be taken when the clock was set back since they were held`() async throws {
        let deployment = try await Deployment()
        try await deployment.withProcess { process in
            _ = try await process.pool.run { try LeaseTable.acquire(["a"], for: left, in: $0) }
            try await deployment.query {
                try $0.executeScript("UPDATE strata.leases SET expires_at = now() + interval '1 hour'")
            }
            let (live, taken, again) = try await process.pool.run { session in
                (
                    try LeaseTable.live(prefix: "a", in: session).count,
                    try LeaseTable.acquire(["a"], for: right, in: session),
                    try LeaseTable.acquire(["a"], for: left, in: session)
                )
            }
            #expect(live == 0)
            #expect(taken == ["a"])
            #expect(again.isEmpty, "it runs out as usual now")
        }
    }
}
