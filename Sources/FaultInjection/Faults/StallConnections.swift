internal import EventSourcingTesting

/// Connections over which nothing comes any more, in either direction, although they are open. They stay like that:
/// clients and server have to give them up by themselves. New connections work.
struct StallConnections: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        let share = Double.random(in: 0.3...1, using: &random)
        let proxy = await scene.cluster.proxy
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        var stalled = 0
        while stalled == 0, ContinuousClock.now < deadline {
            stalled = proxy.stall { Double.random(in: 0..<1, using: &random) < share }
            // There may be no connection at the moment, and whoever makes one needs the processor.
            if stalled == 0 { await pause(.milliseconds(1)) }
        }
        await pause(.milliseconds(scene.limits.answerMilliseconds))
        return stalled
    }
}
