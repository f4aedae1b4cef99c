internal import EventSourcingTesting

/// PostgreSQL dies and recovers.
struct KillServer: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        let sessions = try await scene.cluster.sessions().count
        try await scene.cluster.killPrimary()
        await pause(milliseconds(0...500, &random))
        try await scene.cluster.restartPrimary()
        return sessions
    }
}
