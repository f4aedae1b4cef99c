internal import EventSourcingTesting

/// The primary dies while a synchronous standby follows, and the standby is promoted.
struct FailOver: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        try await scene.cluster.addSynchronousStandby()
        await pause(milliseconds(100...600, &random))
        let sessions = try await scene.cluster.sessions().count
        try await scene.cluster.failOver(after: milliseconds(0...500, &random))
        return sessions
    }
}
