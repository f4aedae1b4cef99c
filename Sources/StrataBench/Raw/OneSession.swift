internal import EventSourcing
internal import Foundation
internal import PostgresClient

/// What one session of PostgreSQL does when nobody lets it wait: statements that move the head and add a group's events
/// behind it, as an append's do. All of them are made before, and three are always on their way.
///
/// A log's order is the order in which its lock is given, so that no log takes more, whatever its callers cost.
struct OneSession: Sendable {
    let database: BenchDatabase

    private static let groupsAhead = 3

    private static let fields = """
        schema_version, content_type, event_id, correlation_id, causation_id, stream, type, tags, metadata, payload, \
        revision
        """

    private static let statement = """
        WITH moved AS (
            UPDATE strata.logs SET head = head + $1 WHERE id = 1 RETURNING head - $1 AS old_head, now() AS recorded_at
        ), added AS (
            INSERT INTO strata.events (log, position, recorded_at, \(fields))
            SELECT 1, moved.old_head + number, moved.recorded_at, \(fields)
            FROM moved CROSS JOIN unnest($2::strata.new_event[]) WITH ORDINALITY AS event (\(fields), number)
        )
        SELECT old_head FROM moved
        """

    /// - Returns: How many of `total` events were written a second, in groups of `size`, each a new stream.
    func append(groupsOf size: Int, total: Int) async throws -> Double {
        let count = max(1, total / size)
        let took = try await database.run { session in
            let type = try session.objectID(ofType: "strata.new_event")
            let groups = (0..<count).map { _ in Self.group(of: size, type) }
            return try ContinuousClock().measure {
                for (number, group) in groups.enumerated() {
                    if number >= Self.groupsAhead { _ = try session.receiveAhead() }
                    try session.sendAhead(Self.statement, [.int64(Int64(size)), .records(group)])
                }
                for _ in 0..<min(count, Self.groupsAhead) { _ = try session.receiveAhead() }
            }
        }
        return Double(count * size) / took.seconds
    }

    private static func group(of size: Int, _ type: UInt32) -> PostgresRecordArray {
        let stream = StrataWriter.newStream().rawValue
        var rows = PostgresRecords(reserving: size * 12, byteCount: size * 512)
        for event in StrataWriter.events(size) {
            rows.begin()
            rows.append(Int16(1))
            rows.append(Int16(0))
            rows.append(event.id.rawValue.uuid)
            rows.append(event.metadata.correlationID.rawValue.uuid)
            rows.append(event.metadata.causationID?.rawValue.uuid)
            rows.append(stream)
            rows.append(event.type.rawValue)
            rows.append(String?.none)
            rows.append(Array("{\"actor\":\"bench\"}".utf8))
            rows.append(event.payload)
            rows.end()
        }
        var array = PostgresRecordArray(of: type, byteCount: rows.byteCount)
        array.append(rows, numberedFrom: 0)
        return array
    }
}
