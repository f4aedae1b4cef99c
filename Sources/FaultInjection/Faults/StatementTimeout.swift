internal import EventSourcingTesting
internal import PostgresClient

/// Somebody else holds the log's lock, and locks its events, for longer than a statement may take.
struct StatementTimeout: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        let hold = Duration.milliseconds(scene.limits.statementMilliseconds) + milliseconds(300...1_000, &random)
        let intruder = try await scene.cluster.administrator()
        try await intruder.run { session in
            // An append may hold the table and wait for the log: it is the one that has to give way.
            try session.executeScript("SET deadlock_timeout = '1min'")
            try session.executeScript("BEGIN; SELECT head FROM strata.logs FOR UPDATE; LOCK TABLE strata.events")
        }
        let end = ContinuousClock.now.advanced(by: hold)
        var waiting: Set<Int32> = []
        while ContinuousClock.now < end {
            await pause(.milliseconds(50))
            let now = try await Self.waitingSessions(intruder)
            waiting.formUnion(now)
        }
        try await intruder.run { try $0.executeScript("ROLLBACK") }
        await intruder.close()
        return waiting.count
    }

    private static func waitingSessions(_ connection: PostgresConnection) async throws -> [Int32] {
        try await connection.run { session in
            let rows = try session.execute("SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND pid IS NOT NULL")
            return try (0..<rows.rowCount).map { try rows.int32($0, 0) }
        }
    }
}
