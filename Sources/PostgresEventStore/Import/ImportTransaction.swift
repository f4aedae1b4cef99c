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
    func write(_ batch: ImportBatch) throws -> EventImport.Outcome {
        let (head, keptFrom, now) = try lockHead()
        let revisions = try lastRevisions(of: batch.streams)
        let recorded = try recorded(batch, revisions)
        if keptFrom > 1 { try requireWhole(batch, revisions, recorded) }
        let plan = ImportPlan(batch.streamIndices, head: head, revisions: revisions, recorded: recorded)
        if !plan.rows.isEmpty {
            try session.copyIn(ImportRows.statement) { send in try batch.rows.send(plan, now: now, send) }
            try addTags(plan.rows, of: batch.events)
            try move(to: plan.head)
        }
        return .init(
            writtenCount: plan.rows.count,
            repeatedCount: batch.repeatedCount + batch.events.count - plan.rows.count,
            head: Position(rawValue: plan.head))
    }

    private func lockHead() throws -> (head: Int64, keptFrom: Int64, now: Timestamp) {
        let rows = try session.execute(
            "SELECT head, kept_from, now() FROM strata.logs WHERE id = $1 FOR UPDATE", [.int32(log.rawValue)])
        guard rows.rowCount == 1 else { throw EventStoreError.missing(log) }
        return (
            try rows.int64(0, 0), try rows.int64(0, 1),
            Timestamp(microsecondsSince1970: try rows.timestampMicroseconds(0, 2))
        )
    }

    /// The last revision of each stream; -1 for one without events.
    private func lastRevisions(of streams: [StreamName]) throws -> [Int64] {
        let rows = try session.execute(
            """
            SELECT COALESCE((
                SELECT e.revision FROM strata.events e
                WHERE e.log = $1 AND e.stream = s.name ORDER BY e.revision DESC LIMIT 1
            ), -1)
            FROM unnest($2::text[]) WITH ORDINALITY AS s (name, number) ORDER BY s.number
            """, [.int32(log.rawValue), .textArray(streams.map(\.rawValue))])
        return try streams.indices.map { try rows.int64($0, 0) }
    }

    /// Which events of the batch are recorded. Reads the index entries of those of their streams that have events.
    private func recorded(_ batch: ImportBatch, _ revisions: [Int64]) throws -> Set<Int> {
        let candidates = batch.streamIndices.indices.filter { revisions[batch.streamIndices[$0]] >= 0 }
        guard !candidates.isEmpty else { return [] }
        let streams = batch.streams.indices.filter { revisions[$0] >= 0 }
        let rows = try session.execute(
            """
            SELECT stream, event_id FROM strata.events
            WHERE log = $1 AND stream = ANY ($2::text[]) AND event_id IN (SELECT unnest($3::uuid[]))
            """,
            [
                .int32(log.rawValue), .textArray(streams.map { batch.streams[$0].rawValue }),
                .uuidArray(candidates.map { batch.events[$0].event.id.rawValue.uuid }),
            ])
        let found = Set(
            (0..<rows.rowCount).map { row in
                EventKey(stream: StreamName(recorded: rows.text(row, 0)), id: EventID(rawValue: rows.uuid(row, 1)))
            })
        return Set(candidates.filter { found.contains(EventKey(batch.events[$0])) })
    }

    /// Whether an event was recorded cannot be told of a stream that has events in segments only.
    private func requireWhole(_ batch: ImportBatch, _ revisions: [Int64], _ recorded: Set<Int>) throws {
        let places = Set(
            batch.events.indices.filter { !recorded.contains($0) }.map { batch.streamIndices[$0] }
                .filter { revisions[$0] >= 0 }
        ).sorted()
        guard !places.isEmpty else { return }
        let rows = try session.execute(
            """
            SELECT (SELECT count(*) FROM strata.events AS e WHERE e.log = $1 AND e.stream = s.name)
            FROM unnest($2::text[]) WITH ORDINALITY AS s (name, number) ORDER BY s.number
            """, [.int32(log.rawValue), .textArray(places.map { batch.streams[$0].rawValue })])
        for (row, place) in places.enumerated() where try rows.int64(row, 0) <= revisions[place] {
            throw EventStoreError(
                .archived,
                """
                Events of \(batch.streams[place]) have left the database for segments, and whether those of the import are \
                among them cannot be told. Nothing of the batch was written. Run 'strata archive restore' first.
                """)
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
