internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Writes groups of appends: takes the log's lock, looks, decides, inserts and commits, in two round trips.
///
/// Used by one task at a time, on its connection's thread.
final class GroupWriter: @unchecked Sendable {
    private let log: LogID
    private var cache = StreamRevisions()

    init(log: LogID) { self.log = log }

    /// Locks first, in a statement of its own: `READ COMMITTED` looks anew with each statement, so what follows sees
    /// everything that was committed before the lock was given.
    private static let lockHead = "SELECT head FROM strata.logs WHERE id = $1 FOR UPDATE"

    private static let lastRevisions = """
        SELECT (
            SELECT e.revision FROM strata.events e
            WHERE e.log = $1 AND e.stream = s.name ORDER BY e.revision DESC LIMIT 1
        )
        FROM unnest($2::text[]) WITH ORDINALITY AS s (name, number) ORDER BY s.number
        """

    private static let findEvents = """
        SELECT stream, event_id, revision, position FROM strata.events
        WHERE log = $1 AND stream = ANY ($2::text[]) AND event_id = ANY ($3::uuid[])
        """

    private static let insertEvents = """
        INSERT INTO strata.events (
            log, position, recorded_at, schema_version, content_type, revision, event_id, correlation_id, causation_id,
            stream, type, metadata, payload
        )
        SELECT $1, $2 + e.number, statement_timestamp(), e.schema_version, e.content_type, e.revision, e.event_id, e.correlation_id,
            e.causation_id, e.stream, e.type, e.metadata, e.payload
        FROM unnest(
            $3::smallint[], $4::smallint[], $5::bigint[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::text[],
            $11::bytea[], $12::bytea[]
        ) WITH ORDINALITY AS e (
            schema_version, content_type, revision, event_id, correlation_id, causation_id, stream, type, metadata,
            payload, number
        )
        """

    private static let moveHead = "UPDATE strata.logs SET head = $2 WHERE id = $1"
    private static let notify = "SELECT pg_notify($1, $2)"

    /// Forgets what it knows of the log; needed after a commit whose outcome is unknown.
    func forget() { cache.reset() }

    /// Writes what can be written of `requests`, in one transaction.
    ///
    /// - Returns: One outcome for each request, once all is on disk; and the log's new head.
    func write(
        _ requests: [AppendRequest], _ session: PostgresSession
    ) throws -> (outcomes: [Result<AppendReceipt, EventStoreError>], head: Position) {
        let streams = Array(Set(requests.flatMap { $0.streams.map(\.name) }))
        let plan = try session.pipeline { pipeline in
            let (head, revisions, recorded) = try look(requests, streams, &pipeline)
            var plan = GroupPlan(head: head, revisions: revisions, recorded: recorded)
            plan.decide(requests)
            let unmet = plan.unmet.map { requests[$0] }
            if !unmet.isEmpty {
                plan.resolveUnmet(requests, recorded: try find(unmet, &pipeline))
            }
            try write(plan.rows, after: head, &pipeline)
            return plan
        }
        cache.update(plan.revisions, head: plan.head)
        return (plan.outcomes.map(\.result), Position(rawValue: plan.head))
    }

    /// Takes the lock and reads what deciding needs: the head, the streams' last revisions, and which events of
    /// possible repeats are recorded.
    private func look(
        _ requests: [AppendRequest], _ streams: [StreamName], _ pipeline: inout PostgresPipeline
    ) throws -> (head: Int64, revisions: [StreamName: Int64], recorded: [GroupPlan.EventKey: GroupPlan.Recorded]) {
        let unknown = streams.filter { cache[$0] == nil }
        let possibleRepeats = requests.filter(\.needsLookup)
        try pipeline.send(Self.lockHead, [.int32(log.rawValue)])
        if !unknown.isEmpty { try sendLastRevisions(unknown, &pipeline) }
        if !possibleRepeats.isEmpty { try sendFind(possibleRepeats, &pipeline) }
        try pipeline.flush()

        let head = try receiveHead(&pipeline)
        var revisions = unknown.isEmpty ? [:] : try receiveLastRevisions(unknown, &pipeline)
        let recorded = possibleRepeats.isEmpty ? [:] : try receiveFound(&pipeline)
        let known = streams.filter { revisions[$0] == nil }
        if cache.isCurrent(at: head) {
            for stream in known { revisions[stream] = cache[stream] }
        } else {
            cache.reset()
            if !known.isEmpty {
                try sendLastRevisions(known, &pipeline)
                try pipeline.flush()
                revisions.merge(try receiveLastRevisions(known, &pipeline)) { _, new in new }
            }
        }
        return (head, revisions, recorded)
    }

    private func receiveHead(_ pipeline: inout PostgresPipeline) throws -> Int64 {
        let result = try pipeline.receive()
        guard result.rowCount == 1 else {
            throw EventStoreError(.incompatibleSchema, "The database has no log \(log.rawValue). Run 'strata migrate'.")
        }
        return try result.int64(0, 0)
    }

    private func sendLastRevisions(_ streams: [StreamName], _ pipeline: inout PostgresPipeline) throws {
        try pipeline.send(Self.lastRevisions, [.int32(log.rawValue), .textArray(streams.map(\.rawValue))])
    }

    private func receiveLastRevisions(
        _ streams: [StreamName], _ pipeline: inout PostgresPipeline
    ) throws -> [StreamName: Int64] {
        let result = try pipeline.receive()
        var revisions: [StreamName: Int64] = [:]
        for (row, stream) in streams.enumerated() {
            revisions[stream] = result.isNull(row, 0) ? StreamRevisions.none : try result.int64(row, 0)
        }
        return revisions
    }

    private func find(
        _ requests: [AppendRequest], _ pipeline: inout PostgresPipeline
    ) throws -> [GroupPlan.EventKey: GroupPlan.Recorded] {
        try sendFind(requests, &pipeline)
        try pipeline.flush()
        return try receiveFound(&pipeline)
    }

    private func sendFind(_ requests: [AppendRequest], _ pipeline: inout PostgresPipeline) throws {
        let streams = requests.flatMap(\.streams)
        try pipeline.send(
            Self.findEvents,
            [
                .int32(log.rawValue),
                .textArray(Array(Set(streams.map(\.name.rawValue)))),
                .uuidArray(streams.flatMap { $0.events.map { $0.event.id.rawValue.uuid } }),
            ])
    }

    private func receiveFound(
        _ pipeline: inout PostgresPipeline
    ) throws -> [GroupPlan.EventKey: GroupPlan.Recorded] {
        let result = try pipeline.receive()
        var found: [GroupPlan.EventKey: GroupPlan.Recorded] = [:]
        for row in 0..<result.rowCount {
            let key = GroupPlan.EventKey(
                stream: StreamName(recorded: result.text(row, 0)), id: EventID(rawValue: result.uuid(row, 1)))
            found[key] = .init(revision: try result.int64(row, 2), position: try result.int64(row, 3))
        }
        return found
    }

    private func write(_ rows: EventColumns, after head: Int64, _ pipeline: inout PostgresPipeline) throws {
        guard rows.count > 0 else { return }
        let newHead = head + Int64(rows.count)
        try pipeline.send(
            Self.insertEvents,
            [.int32(log.rawValue), .int64(head)] + rows.parameters)
        try pipeline.send(Self.moveHead, [.int32(log.rawValue), .int64(newHead)])
        try pipeline.send(Self.notify, [.text(log.channel), .text(String(newHead))])
    }
}

extension GroupPlan.Outcome {
    fileprivate var result: Result<AppendReceipt, EventStoreError> {
        switch self {
        case .accepted(let receipt), .repeated(let receipt): .success(receipt)
        case .refused(let error): .failure(error)
        case .unmet(let conflict): .failure(EventStoreError(conflict))
        }
    }
}
