internal import EventSourcing
internal import PostgresClient

/// What was found of a condition before the log's lock was taken.
struct ConditionFinding: Sendable {
    /// Up to here the log was looked at.
    let through: Position
    /// The newest event up to there that the condition forbids.
    let newest: Position?
}

/// Looks at conditions that reach far back before the append that carries them is queued: under the log's lock, where
/// everybody else would wait for it, only what has come since is looked at.
struct DistantConditions: Sendable {
    let log: LogID
    let pool: PostgresPool
    let watcher: LogWatcher

    /// Conditions that reach no further back than this are looked at under the lock as a whole.
    private static let nearby: Int64 = 10_000

    func lookAt(
        _ conditions: [AppendCondition]
    ) async throws(EventStoreError) -> [EventCondition: ConditionFinding] {
        var findings: [EventCondition: ConditionFinding] = [:]
        for condition in conditions.compactMap(EventCondition.init) where isDistant(condition) {
            do { findings[condition] = try await look(at: condition) } catch {
                throw Task.isCancelled ? .cancelledAppend : EventStoreError(reading: error)
            }
        }
        return findings
    }

    private func isDistant(_ condition: EventCondition) -> Bool {
        let head = watcher.head.rawValue
        return head > Self.nearby && condition.position.rawValue < head - Self.nearby
    }

    private func look(at condition: EventCondition) async throws -> ConditionFinding {
        try await pool.read { session in
            let through = Position(rawValue: try SegmentTable(log: log).head(session))
            let query = TagQuery(newestForbiddenBy: condition, log: log, through: through)
            let rows = try session.execute(query.sql, query.parameters)
            let newest = rows.rowCount == 0 ? nil : Position(rawValue: try rows.int64(0, 0))
            return ConditionFinding(through: through, newest: newest)
        }
    }
}
