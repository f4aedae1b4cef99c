internal import EventSourcingTesting

/// The file system of PostgreSQL is full for a while. Should the server die of it, it is started once there is room.
struct FullDisk: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        let ballast = Ballast(folder: await scene.cluster.primaryFolder)
        defer { ballast.remove() }
        let end = ContinuousClock.now.advanced(by: milliseconds(1_000...2_500, &random))
        while ContinuousClock.now < end {
            // Again and again: the server gives room back as it removes files.
            try ballast.fill()
            await pause(.milliseconds(20))
        }
        ballast.remove()
        try await scene.cluster.ensurePrimaryRuns()
        return ballast.mebibytes
    }
}
