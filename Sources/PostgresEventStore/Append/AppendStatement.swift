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
    /// Whether other processes are told of the new head.
    let notifies: Bool

    static let all = [false, true].flatMap { compares in
        [false, true].flatMap { tags in
            [false, true].map { AppendStatement(comparesStreams: compares, hasTags: tags, notifies: $0) }
        }
    }

    private static let tagsFrom = 5
    private var assumedFrom: Int { Self.tagsFrom + (hasTags ? NewRows.tagParameterCount : 0) }
    private var channelAt: Int { assumedFrom + (comparesStreams ? 2 : 0) }

    var sql: String {
        let tags = hasTags ? ", tagged AS (\(insertTags))" : ""
        let notify = notifies ? ", pg_notify($\(channelAt), (old_head + $2)::text)" : ""
        return """
            WITH moved AS (
                UPDATE strata.logs SET head = head + $2
                WHERE id = $1 AND kept_from = $3\(comparesStreams ? comparison : "")
                RETURNING head - $2 AS old_head, clock_timestamp() AS recorded_at
            ), added AS (
                INSERT INTO strata.events (log, position, recorded_at, \(NewRows.names))
                SELECT $1, moved.old_head + number, moved.recorded_at, \(NewRows.names)
                FROM moved CROSS JOIN unnest($4::\(NewRows.type)[])
                    WITH ORDINALITY AS event (\(NewRows.names), number)
            )\(tags)
            SELECT old_head\(notify) FROM moved
            """
    }

    private var insertTags: String {
        """
        INSERT INTO strata.event_tags (log, position, tag, type)
        SELECT $1, moved.old_head + distance, tag, type
        FROM moved CROSS JOIN unnest(\(NewRows.tagArrays(from: Self.tagsFrom))) AS tag (\(NewRows.tagNames))
        """
    }

    private var comparison: String {
        """
         AND NOT EXISTS (
            SELECT FROM unnest($\(assumedFrom)::text[], $\(assumedFrom + 1)::bigint[]) AS assumed (stream, revision)
            WHERE assumed.revision <> COALESCE((
                SELECT event.revision FROM strata.events AS event
                WHERE event.log = $1 AND event.stream = assumed.stream ORDER BY event.revision DESC LIMIT 1
            ), -1)
        )
        """
    }

    /// - Parameters:
    ///   - rowType: The object id of the type that carries a row.
    ///   - assumed: Streams and the last revisions that are assumed of them.
    func parameters(
        log: LogID, keptFrom: Int64, rows: NewRows, rowType: UInt32, assumed: [(stream: StreamName, revision: Int64)]
    ) -> [PostgresValue] {
        var values: [PostgresValue] = [
            .int32(log.rawValue), .int64(Int64(rows.count)), .int64(keptFrom), rows.parameter(rowType),
        ]
        if hasTags { values += rows.tagParameters }
        if comparesStreams {
            values.append(.textArray(assumed.map(\.stream.rawValue)))
            values.append(.int64Array(assumed.map(\.revision)))
        }
        if notifies { values.append(.text(log.channel)) }
        return values
    }
}
