internal import EventSourcingTesting

/// The writing process dies with appends in all stages, and a new one takes its place.
struct KillWriter: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        try await scene.writer.waitForAppends(Int.random(in: 1...3, using: &random))
        let inFlight = try await scene.writer.kill()
        await pause(milliseconds(0...300, &random))
        try await scene.writer.start(connectionString: scene.cluster.connectionString)
        return inFlight
    }
}
