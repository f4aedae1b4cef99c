internal import EventSourcing
internal import PostgresClient

/// How far the events that start a saga have been looked through, for each share.
struct SagaCheckpoints: Sendable {
    let saga: SagaName
    let shares: Set<Int>

    private func reader(_ share: Int) -> String { "saga/\(saga)/\(share)" }

    /// The checkpoints of the shares in `logs`; those that are not there are made.
    func load(_ logs: [LogName], in session: PostgresSession) throws -> [Int: LogPositions] {
        var positions: [Int: LogPositions] = [:]
        for share in shares.sorted() {
            try CheckpointTable.begin(reader(share), logs, version: 1, in: session)
            positions[share] = try CheckpointTable.load(reader(share), logs, in: session)?.positions
        }
        return positions
    }

    /// Every event of the log up to `position` has started what it starts in these shares.
    func advance(to position: LogPosition, in session: PostgresSession) throws {
        try session.executeScript("SET LOCAL synchronous_commit = off")
        try session.execute(
            """
            UPDATE strata.checkpoints SET position = $3, updated_at = now()
            WHERE reader = ANY ($1::text[]) AND log = $2 AND position < $3
            """,
            [
                .textArray(shares.map(reader).sorted()), .text(position.log.rawValue),
                .int64(position.position.rawValue),
            ])
    }

    /// An instance that has not ended.
    struct Unfinished: Sendable {
        let key: String
        /// Microseconds since 1970.
        let updatedAt: Int64
    }

    /// Instances that have not ended, wait for nobody, and were not written to for a while: 500 at most, by the time of
    /// their last event.
    ///
    /// - Parameter last: The last one of the page before.
    /// - Returns: `nil` when there is no read model of instances.
    static func unfinished(
        _ saga: SagaName, shares: Set<Int>, idleFor interval: Duration, after last: Unfinished?,
        in session: PostgresSession
    ) throws -> [Unfinished]? {
        guard try SagaInstances.areThere(in: session) else { return nil }
        let rows = try session.execute(
            """
            SELECT key, updated_at FROM read_models.saga_instances
            WHERE saga = $1 AND share = ANY ($2::smallint[]) AND phase IN ('forward', 'backward')
                AND updated_at < now() - make_interval(secs => $3::int)
                AND (updated_at, key) > ($4::timestamptz, $5::text)
            ORDER BY updated_at, key LIMIT 500
            """,
            [
                .text(saga.rawValue), .int16Array(shares.map(Int16.init)),
                .int32(Int32(interval.components.seconds)), .timestamp(microsecondsSince1970: last?.updatedAt ?? 0),
                .text(last?.key ?? ""),
            ])
        return try (0..<rows.rowCount).map { row in
            Unfinished(key: rows.text(row, 0), updatedAt: try rows.timestampMicroseconds(row, 1))
        }
    }
}
