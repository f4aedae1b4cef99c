internal import EventSourcingTesting

/// A transaction with a number of its own stays open in another database of the cluster, through the faults that
/// follow. Whoever orders events by transaction numbers would wait for it.
struct OpenTransaction: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        try await scene.cluster.leaveTransactionOpen()
        // Each check that finds it open counts it.
        return 0
    }
}
