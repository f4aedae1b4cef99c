internal import EventSourcingTesting

/// An administrator ends sessions, whatever they are doing.
struct TerminateBackends: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        var ended = 0
        for _ in 0..<Int.random(in: 3...6, using: &random) {
            let victims = try await scene.cluster.sessions().filter { _ in Bool.random(using: &random) }
            ended += victims.count
            try await scene.cluster.terminate(victims)
            await pause(milliseconds(20...150, &random))
        }
        return ended
    }
}
