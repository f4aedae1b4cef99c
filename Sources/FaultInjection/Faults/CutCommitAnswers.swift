internal import EventSourcingTesting

/// Connections that break in a commit: before it reaches the server, before its answer has come, or in the middle of
/// the answer.
struct CutCommitAnswers: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        let proxy = await scene.cluster.proxy
        let wanted = Int.random(in: 3...6, using: &random)
        var cut = 0
        for _ in 0..<wanted {
            let place: CommitCut =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: .beforeRequest
                case 1: .beforeAnswer
                default: .afterBytes(Int.random(in: 1...40, using: &random))
                }
            if await proxy.cutNextCommit(place, patience: .seconds(3)) { cut += 1 }
        }
        return cut
    }
}
