internal import EventSourcing
internal import PostgresClient

/// Writes groups of appends: in one statement where the unique index can decide, and otherwise under the log's lock.
///
/// Used by one task at a time, on its connection's thread.
final class GroupWriter: @unchecked Sendable {
    /// What became of a group.
    struct Written {
        /// One for each request, once all is on disk.
        let outcomes: [Result<AppendReceipt, EventStoreError>]
        let head: Position
        /// Events before this position may have left the database.
        let keptFrom: Int64
    }

    private let log: LogID
    private var cache = StreamRevisions()
    /// Events before this position may have left the database. It is compared whenever the head moves: what was known
    /// of streams before that does not bind any more.
    private var keptFrom: Int64 = 1
    private var pace = NotificationPace()
    /// The head behind the last group.
    private var lastHead: Int64?
    /// Whether somebody else has appended between the last group and the one before.
    private(set) var isShared = false
    /// Whether the group is still reading what it depends on. A timeout there is one append's fault; one while waiting
    /// or writing concerns all.
    private(set) var isLookingUnderLock = false
    /// The head when the last group was given the lock, for as long as nobody knows whether it was committed; `nil`
    /// when it was not given it, or was answered.
    private(set) var triedBehind: Int64?
    /// The object id of the type that carries a row; `nil` until this connection's database was asked.
    private var rowType: UInt32?

    init(log: LogID) { self.log = log }

    /// Forgets what it knows of the log and of the connection; needed after a commit whose outcome is unknown.
    func forget() {
        cache.reset()
        pace.owe()
        lastHead = nil
        rowType = nil
        triedBehind = nil
    }

    private func note(_ oldHead: Int64, _ head: Int64) {
        isShared = lastHead.map { $0 != oldHead } ?? false
        lastHead = head
    }

    // MARK: In one statement

    /// A group that one statement writes.
    struct Prepared {
        let group: ExactGroup
        fileprivate let statement: AppendStatement
        fileprivate let parameters: [PostgresValue]
    }

    /// - Returns: `nil` when the group has to be decided under the lock.
    func prepare(_ requests: [AppendRequest]) -> Prepared? {
        guard let rowType, let group = ExactGroup(requests, &cache, newStreamsAreCompared: keptFrom != 1) else {
            return nil
        }
        let statement = AppendStatement(
            comparesStreams: !group.assumed.isEmpty, hasTags: group.rows.hasTags, notifies: pace.announces(at: .now))
        let parameters = statement.parameters(
            log: log, keptFrom: keptFrom, rows: group.rows, rowType: rowType, assumed: group.assumed)
        return Prepared(group: group, statement: statement, parameters: parameters)
    }

    /// Sends a group, without waiting for the answer to the one before.
    func send(_ prepared: Prepared, _ session: PostgresSession) throws(PostgresError) {
        try session.sendAhead(Self.sql(of: prepared.statement), prepared.parameters)
    }

    /// What became of the first group that was sent and has no answer yet.
    ///
    /// - Returns: The head as it was before, or `nil` when the group has to be decided under the lock. Nothing was
    ///   written then.
    func receive(_ prepared: Prepared, _ session: PostgresSession) throws(PostgresError) -> Int64? {
        var isAnnounced = false
        defer { if prepared.statement.notifies, !isAnnounced { pace.owe() } }
        guard let oldHead = try receiveOldHead(session) else { return nil }
        isAnnounced = true
        let head = oldHead + Int64(prepared.group.rows.count)
        note(oldHead, head)
        prepared.group.update(&cache, head: head)
        return oldHead
    }

    /// - Returns: The head as it was before, or `nil` when the statement changed nothing.
    private func receiveOldHead(_ session: PostgresSession) throws(PostgresError) -> Int64? {
        do {
            let result = try session.receiveAhead()
            return result.rowCount == 1 ? try result.int64(0, 0) : nil
        } catch {
            guard error.sqlState == .uniqueViolation else { throw error }
            return nil
        }
    }

    private static let statements = Dictionary(uniqueKeysWithValues: AppendStatement.all.map { ($0, $0.sql) })

    private static func sql(of statement: AppendStatement) -> String { statements[statement] ?? statement.sql }

    // MARK: Announcing

    /// How long a writer that rests waits for more before it announces the head; `nil` when that is done.
    var patienceBeforeAnnouncing: Duration? { pace.patience(at: .now) }

    /// Tells other processes how far the log has come.
    func announce(_ session: PostgresSession) throws {
        try session.execute(
            "SELECT pg_notify($1, head::text) FROM strata.logs WHERE id = $2",
            [.text(log.channel), .int32(log.rawValue)])
        pace.announced(at: .now)
    }

    // MARK: Under the lock

    /// Writes what can be written of `requests`, as one commit. Nothing that was sent ahead may be unanswered.
    func writeUnderLock(_ requests: [AppendRequest], _ session: PostgresSession) throws -> Written {
        isLookingUnderLock = false
        triedBehind = nil
        let streams = Array(Set(requests.flatMap(\.streamNames)))
        let rowType = try rowType ?? session.objectID(ofType: NewRows.type)
        self.rowType = rowType
        let plan = try session.pipeline { pipeline in
            var locked = LockedLog(log: log)
            let known = try look(requests, streams, &locked, &pipeline)
            var plan = GroupPlan(known, of: log.name)
            plan.decide(requests)
            let unmet = plan.unmet.map { requests[$0] }
            if !unmet.isEmpty {
                plan.resolveUnmet(requests, recorded: try locked.find(unmet, &pipeline))
            }
            isLookingUnderLock = false
            try locked.write(plan.rows, rowType, after: known.head, &pipeline)
            return plan
        }
        triedBehind = nil
        cache.update(plan.revisions, head: plan.head, count: plan.rows.count)
        if plan.rows.count > 0 { pace.announced(at: .now) }
        note(plan.headBefore, plan.head)
        return Written(
            outcomes: plan.results(of: requests, behind: plan.headBefore), head: Position(rawValue: plan.head),
            keptFrom: keptFrom)
    }

    /// Takes the lock and reads what deciding needs.
    private func look(
        _ requests: [AppendRequest], _ streams: [StreamName], _ locked: inout LockedLog,
        _ pipeline: inout PostgresPipeline
    ) throws -> GroupPlan.Knowledge {
        let unknown = streams.filter { cache[$0] == nil }
        let possibleRepeats = RepeatSearch(requests.filter(\.needsLookup))
        let conditions = Array(Set(requests.flatMap(\.eventConditions)))
        let lookedAt = requests.reduce(into: [:]) { $0.merge($1.lookedAt) { first, _ in first } }
        try locked.sendLock(&pipeline)
        if !unknown.isEmpty { try locked.sendLastRevisions(unknown, &pipeline) }
        try locked.sendFind(possibleRepeats, &pipeline)
        for condition in conditions {
            try locked.sendNewest(forbiddenBy: condition.behind(lookedAt[condition]), &pipeline)
        }
        try pipeline.flush()

        let (head, keptFrom) = try locked.receiveLock(&pipeline)
        isLookingUnderLock = true
        triedBehind = head
        var known = GroupPlan.Knowledge(head: head, keptFrom: keptFrom)
        if !unknown.isEmpty { known.revisions = try locked.receiveLastRevisions(unknown, &pipeline) }
        known.recorded = try locked.receiveFound(possibleRepeats, &pipeline)
        for condition in conditions {
            let newest = try locked.receiveNewest(&pipeline)
            known.forbidden[condition] = newest ?? lookedAt[condition]?.newest?.rawValue
        }
        // What was looked at was another log, when this one ends before that: a fail-over has made it shorter.
        let beyondEnd = conditions.filter { lookedAt[$0].map { $0.through.rawValue > head } ?? false }
        if !beyondEnd.isEmpty {
            for condition in beyondEnd { try locked.sendNewest(forbiddenBy: condition, &pipeline) }
            try pipeline.flush()
            for condition in beyondEnd { known.forbidden[condition] = try locked.receiveNewest(&pipeline) }
        }
        let kept = streams.filter { known.revisions[$0] == nil }
        if cache.isCurrent(at: head), self.keptFrom == keptFrom {
            for stream in kept { known.revisions[stream] = cache[stream] }
        } else {
            cache.reset(at: head)
            self.keptFrom = keptFrom
            if !kept.isEmpty {
                try locked.sendLastRevisions(kept, &pipeline)
                try pipeline.flush()
                known.revisions.merge(try locked.receiveLastRevisions(kept, &pipeline)) { _, new in new }
            }
        }
        return known
    }
}
