internal import EventSourcing
internal import PostgresClient

/// One statement that moves the log's head and adds a group's events behind it: one round trip and one flush to disk.
///
/// It looks at nothing that its own lock could make stale. A group is written this way when every request in it expects
/// exact revisions, and then the unique index on `(log, stream, revision)` decides: an event that would not be the next
/// of its stream either has its revision taken, which fails the statement, or lies beyond the stream's end, which no
/// kept revision allows, because streams never get shorter. Revisions that were never looked up are compared with the
/// stream in the same statement, whose snapshot may be old, but then only lacks events that the index finds.
struct AppendStatement: Sendable, Hashable {
    /// Whether streams are compared with what is assumed of them.
    let comparesStreams: Bool
    let hasTags: Bool

    private static let columnsFrom = 5

    var sql: String {
        let tags = hasTags ? ", tagged AS (\(Self.insertTags(from: Self.columnsFrom + 11)))" : ""
        return """
            WITH moved AS (
                UPDATE strata.logs SET head = head + $2
                WHERE id = $1 AND kept_from = $3\(comparesStreams ? comparison : "")
                RETURNING head - $2 AS old_head, clock_timestamp() AS recorded_at
            ), added AS (
                INSERT INTO strata.events (log, position, recorded_at, \(EventColumns.names))
                SELECT $1, moved.old_head + number, moved.recorded_at, \(EventColumns.names)
                FROM moved CROSS JOIN unnest(\(EventColumns.arrays(from: Self.columnsFrom)))
                    WITH ORDINALITY AS event (\(EventColumns.names), number)
            )\(tags)
            SELECT old_head, pg_notify($4, (old_head + $2)::text) FROM moved
            """
    }

    private static func insertTags(from first: Int) -> String {
        """
        INSERT INTO strata.event_tags (log, position, tag, type)
        SELECT $1, moved.old_head + distance, tag, type
        FROM moved CROSS JOIN unnest(\(EventColumns.tagArrays(from: first))) AS tag (\(EventColumns.tagNames))
        """
    }

    private var comparison: String {
        let first = Self.columnsFrom + 11 + (hasTags ? 3 : 0)
        return """
             AND NOT EXISTS (
                SELECT FROM unnest($\(first)::text[], $\(first + 1)::bigint[]) AS assumed (stream, revision)
                WHERE assumed.revision <> COALESCE((
                    SELECT event.revision FROM strata.events AS event
                    WHERE event.log = $1 AND event.stream = assumed.stream ORDER BY event.revision DESC LIMIT 1
                ), -1)
            )
            """
    }

    /// - Parameter assumed: Streams and the last revisions that are assumed of them.
    static func parameters(
        log: LogID, keptFrom: Int64, rows: EventColumns, assumed: [(stream: StreamName, revision: Int64)]
    ) -> [PostgresValue] {
        var values: [PostgresValue] = [
            .int32(log.rawValue), .int64(Int64(rows.count)), .int64(keptFrom), .text(log.channel),
        ]
        values += rows.parameters
        if rows.hasTags { values += rows.tagParameters }
        if !assumed.isEmpty {
            values.append(.textArray(assumed.map(\.stream.rawValue)))
            values.append(.int64Array(assumed.map(\.revision)))
        }
        return values
    }
}
