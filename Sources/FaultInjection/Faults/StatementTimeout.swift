internal import EventSourcingTesting
internal import PostgresClient

/// Somebody else holds the log's lock, and locks its events, for longer than a statement may take.
struct StatementTimeout: Fault {
    func inject(into scene: Scene, _ random: inout Seeded) async throws -> Int {
        let hold = Duration.milliseconds(scene.limits.statementMilliseconds) + milliseconds(300...1_000, &random)
        let intruder = try await scene.cluster.administrator()
        try await intruder.run { session in
            try session.executeScript("BEGIN; SELECT head FROM strata.logs FOR UPDATE; LOCK TABLE strata.events")
        }
        await pause(hold)
        try await intruder.run { try $0.executeScript("ROLLBACK") }
        await intruder.close()
        return Int(hold.components.seconds)
    }
}
