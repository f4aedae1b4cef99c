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
}
