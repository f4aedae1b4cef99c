internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// One batch of an import: takes the log's lock, looks, numbers, copies in and moves the head.
struct ImportTransaction {
    private let log: LogID
    private let session: PostgresSession

    init(_ log: LogID, _ session: PostgresSession) {
        self.log = log
        self.session = session
    }

    /// Must run in a transaction.
    func write(_ events: [ImportedEvent]) throws -> EventImport.Outcome {
        let head = try lockHead()
        let revisions = try lastRevisions(of: Array(Set(events.map(\.stream))))
        let plan = ImportPlan(
            events, head: head, revisions: revisions, recorded: try recorded(events, in: revisions))
        if !plan.rows.isEmpty {
            try copy(plan.rows, of: events)
            try addTags(plan.rows, of: events)
            try move(to: plan.head)
        }
        return .init(
            writtenCount: plan.rows.count, repeatedCount: plan.repeatedCount, head: Position(rawValue: plan.head))
    }

    private func lockHead() throws -> Int64 {
        let rows = try session.execute(
            "SELECT head FROM strata.logs WHERE id = $1 FOR UPDATE", [.int32(log.rawValue)])
        guard rows.rowCount == 1 else {
            throw EventStoreError(.incompatibleSchema, "The database has no log \(log.rawValue). Run 'strata migrate'.")
        }
        return try rows.int64(0, 0)
    }

    /// Of the streams that have events.
    private func lastRevisions(of streams: [StreamName]) throws -> [StreamName: Int64] {
        let rows = try session.execute(
            """
            SELECT (
                SELECT e.revision FROM strata.events e
                WHERE e.log = $1 AND e.stream = s.name ORDER BY e.revision DESC LIMIT 1
            )
            FROM unnest($2::text[]) WITH ORDINALITY AS s (name, number) ORDER BY s.number
            """, [.int32(log.rawValue), .textArray(streams.map(\.rawValue))])
        var revisions: [StreamName: Int64] = [:]
        for (row, stream) in streams.enumerated() where !rows.isNull(row, 0) {
            revisions[stream] = try rows.int64(row, 0)
        }
        return revisions
    }

    /// Which of `events` are recorded. Reads the index entries of those of their streams that have events.
    private func recorded(
        _ events: [ImportedEvent], in revisions: [StreamName: Int64]
    ) throws -> Set<ImportPlan.Key> {
        let candidates = events.filter { revisions[$0.stream] != nil }
        guard !candidates.isEmpty else { return [] }
        let rows = try session.execute(
            """
            SELECT stream, event_id FROM strata.events
            WHERE log = $1 AND stream = ANY ($2::text[]) AND event_id IN (SELECT unnest($3::uuid[]))
            """,
            [
                .int32(log.rawValue), .textArray(revisions.keys.map(\.rawValue)),
                .uuidArray(candidates.map { $0.event.id.rawValue.uuid }),
            ])
        return Set(
            (0..<rows.rowCount).map { row in
                ImportPlan.Key(
                    stream: StreamName(recorded: rows.text(row, 0)), id: EventID(rawValue: rows.uuid(row, 1)))
            })
    }

    private func copy(_ rows: [ImportPlan.Row], of events: [ImportedEvent]) throws {
        let now = try session.execute("SELECT now()").timestampMicroseconds(0, 0)
        var encoder = ImportRows(log: log, now: Timestamp(microsecondsSince1970: now))
        try session.copyIn(ImportRows.statement) { send in
            for row in rows {
                encoder.append(events[row.index], position: row.position, revision: row.revision)
                if encoder.isFull { try encoder.send(send) }
            }
            encoder.end()
            try encoder.send(send)
        }
    }

    private func addTags(_ rows: [ImportPlan.Row], of events: [ImportedEvent]) throws {
        var positions: [Int64] = []
        var tags: [String] = []
        var types: [String] = []
        for row in rows {
            let event = events[row.index].event
            for tag in event.tags {
                positions.append(row.position)
                tags.append(tag.rawValue)
                types.append(event.type.rawValue)
            }
        }
        guard !tags.isEmpty else { return }
        try session.execute(
            """
            INSERT INTO strata.event_tags (log, position, tag, type)
            SELECT $1, position, tag, type
            FROM unnest($2::bigint[], $3::text[], $4::text[]) AS added (position, tag, type)
            """, [.int32(log.rawValue), .int64Array(positions), .textArray(tags), .textArray(types)])
    }

    private func move(to head: Int64) throws {
        try session.execute(
            "UPDATE strata.logs SET head = $2 WHERE id = $1", [.int32(log.rawValue), .int64(head)])
        try session.execute("SELECT pg_notify($1, $2)", [.text(log.channel), .text(String(head))])
    }
}
