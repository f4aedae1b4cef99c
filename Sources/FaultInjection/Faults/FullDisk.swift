internal import EventSourcingTesting
internal import PostgresClient

/// The file system of PostgreSQL is full for a while. Should the server die of it, it is started once there is room.
struct FullDisk: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        let ballast = Ballast(folder: await scene.cluster.primaryFolder)
        let trial = try await scene.cluster.administrator()
        defer { ballast.remove() }
        let end = ContinuousClock.now.advanced(by: milliseconds(1_000...2_500, &random))
        var hits = 0
        var isLost = false
        while ContinuousClock.now < end {
            // Again and again: the server gives room back as it removes files.
            try ballast.fill()
            if !isLost, let error = await Self.write(in: trial) {
                isLost = error.code == .connectionLost
                if isLost || error.sqlState == Self.diskFull { hits += 1 }
            }
            await pause(.milliseconds(20))
        }
        ballast.remove()
        await trial.close()
        try await scene.cluster.ensurePrimaryRuns()
        return hits
    }

    private static let diskFull = SQLState(rawValue: "53100")

    /// Writes something that has nothing to do with the log.
    ///
    /// - Returns: Why it could not; a server that dies of a full disk loses the connection.
    private static func write(in session: PostgresConnection) async -> PostgresError? {
        do {
            try await session.run { session in
                try session.executeScript(
                    """
                    CREATE TEMPORARY TABLE trial ON COMMIT DROP
                    AS SELECT repeat('x', 1000) AS text FROM generate_series(1, 4000)
                    """)
            }
            return nil
        } catch {
            return error as? PostgresError
        }
    }
}
