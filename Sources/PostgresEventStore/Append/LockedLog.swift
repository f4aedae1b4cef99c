internal import EventSourcing
internal import PostgresClient

/// What is asked of a log under its lock, and written to it: the statements of one group.
///
/// The lock is taken first, in a statement of its own: `READ COMMITTED` looks anew with each statement, so what follows
/// sees everything that was committed before the lock was given.
struct LockedLog {
    let log: LogID

    // MARK: The lock

    func sendLock(_ pipeline: inout PostgresPipeline) throws {
        try pipeline.send("SELECT head, kept_from FROM strata.logs WHERE id = $1 FOR UPDATE", [.int32(log.rawValue)])
    }

    func receiveLock(_ pipeline: inout PostgresPipeline) throws -> (head: Int64, keptFrom: Int64) {
        let result = try pipeline.receive()
        guard result.rowCount == 1 else { throw EventStoreError.missing(log) }
        return (try result.int64(0, 0), try result.int64(0, 1))
    }

    // MARK: The last revisions of streams

    private static let lastRevisions = """
        SELECT (
            SELECT e.revision FROM strata.events e
            WHERE e.log = $1 AND e.stream = s.name ORDER BY e.revision DESC LIMIT 1
        )
        FROM unnest($2::text[]) WITH ORDINALITY AS s (name, number) ORDER BY s.number
        """

    func sendLastRevisions(_ streams: [StreamName], _ pipeline: inout PostgresPipeline) throws {
        try pipeline.send(Self.lastRevisions, [.int32(log.rawValue), .textArray(streams.map(\.rawValue))])
    }

    func receiveLastRevisions(
        _ streams: [StreamName], _ pipeline: inout PostgresPipeline
    ) throws -> [StreamName: Int64] {
        let result = try pipeline.receive()
        var revisions: [StreamName: Int64] = [:]
        for (row, stream) in streams.enumerated() {
            revisions[stream] = result.isNull(row, 0) ? StreamRevisions.none : try result.int64(row, 0)
        }
        return revisions
    }

    // MARK: Repeats

    /// The recorded ones among the events of `requests`.
    func find(
        _ requests: [AppendRequest], _ pipeline: inout PostgresPipeline
    ) throws -> [EventKey: GroupPlan.Recorded] {
        let search = RepeatSearch(requests)
        try sendFind(search, &pipeline)
        try pipeline.flush()
        return try receiveFound(search, &pipeline)
    }

    func sendFind(_ search: RepeatSearch, _ pipeline: inout PostgresPipeline) throws {
        for statement in search.statements(in: log) { try pipeline.send(statement.sql, statement.parameters) }
    }

    func receiveFound(
        _ search: RepeatSearch, _ pipeline: inout PostgresPipeline
    ) throws -> [EventKey: GroupPlan.Recorded] {
        var found: [EventKey: GroupPlan.Recorded] = [:]
        for _ in 0..<search.statementCount {
            let result = try pipeline.receive()
            for row in 0..<result.rowCount {
                let key = EventKey(
                    stream: StreamName(recorded: result.text(row, 0)), id: EventID(rawValue: result.uuid(row, 1)))
                found[key] = .init(revision: try result.int64(row, 2), position: try result.int64(row, 3))
            }
        }
        return found
    }

    // MARK: Conditions

    func sendNewest(forbiddenBy condition: EventCondition, _ pipeline: inout PostgresPipeline) throws {
        let query = TagQuery(newestForbiddenBy: condition, log: log)
        try pipeline.send(query.sql, query.parameters)
    }

    func receiveNewest(_ pipeline: inout PostgresPipeline) throws -> Int64? {
        let result = try pipeline.receive()
        return result.rowCount == 0 || result.isNull(0, 0) ? nil : try result.int64(0, 0)
    }

    // MARK: Writing

    private static let insertEvents = """
        INSERT INTO strata.events (log, position, recorded_at, \(NewRows.names))
        SELECT $1, $2 + number, statement_timestamp(), \(NewRows.names)
        FROM unnest($3::\(NewRows.type)[]) WITH ORDINALITY AS event (\(NewRows.names), number)
        """

    private static let insertTags = """
        INSERT INTO strata.event_tags (log, position, tag, type)
        SELECT $1, $2 + distance, tag, type
        FROM unnest(\(NewRows.tagArrays(from: 3))) AS tag (\(NewRows.tagNames))
        """

    /// - Parameter rowType: The object id of the type that carries a row.
    func write(_ rows: NewRows, _ rowType: UInt32, after head: Int64, _ pipeline: inout PostgresPipeline) throws {
        guard rows.count > 0 else { return }
        let newHead = head + Int64(rows.count)
        try pipeline.send(Self.insertEvents, [.int32(log.rawValue), .int64(head), rows.parameter(rowType)])
        if rows.hasTags {
            try pipeline.send(Self.insertTags, [.int32(log.rawValue), .int64(head)] + rows.tagParameters)
        }
        try pipeline.send(
            "UPDATE strata.logs SET head = $2 WHERE id = $1", [.int32(log.rawValue), .int64(newHead)])
        try pipeline.send("SELECT pg_notify($1, $2)", [.text(log.channel), .text(String(newHead))])
    }
}

extension EventStoreError {
    static func missing(_ log: LogID) -> EventStoreError {
        EventStoreError(.incompatibleSchema, "The database has no log \(log.rawValue). Run 'strata migrate'.")
    }
}
