internal import EventSourcingTesting

/// The writing process stands still, with whatever locks its sessions have, as a machine does that is moved or swaps.
/// The others have to go on meanwhile; then it wakes up and believes that no time has passed.
struct FreezeWriter: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        try await scene.writer.waitForAppends(Int.random(in: 1...3, using: &random))
        let inFlight = scene.writer.freeze()
        defer { scene.writer.thaw() }
        let goal = scene.acknowledged() + 50
        try await Retry.expect("others write while one process stands still") { scene.acknowledged() >= goal }
        await pause(milliseconds(0...1_500, &random))
        return inFlight
    }
}
