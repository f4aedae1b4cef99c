internal import EventSourcing
internal import PostgresClient

/// An append on its way to the log, with all that can be computed before it holds the log's lock.
final class AppendRequest: Sendable {
    struct Stream: Sendable {
        let name: StreamName
        let expected: ExpectedRevision
        let events: [NewEvent]
        /// The events' rows as they are sent, all but the revisions. They are encoded where the append is made, so that
        /// many callers do that side by side and the writer copies.
        let rows: PostgresRecords
        let hasTags: Bool

        init(name: StreamName, expected: ExpectedRevision, events: [NewEvent], rows: PostgresRecords) {
            self.name = name
            self.expected = expected
            self.events = events
            self.rows = rows
            hasTags = events.contains { !$0.tags.isEmpty }
        }

        /// As many as there are rows: the writer's thread need not touch the events, which another core has written.
        var eventCount: Int { rows.count }
    }

    let streams: [Stream]
    let conditions: [AppendCondition]
    /// What is known already of the conditions on events.
    let lookedAt: [EventCondition: ConditionFinding]
    let eventCount: Int
    let byteCount: Int
    /// When its caller is told that the log cannot be reached.
    let deadline: ContinuousClock.Instant
    /// Whether an earlier try may have been committed, so that its events have to be looked for first.
    let isOutcomeUnknown: Bool
    /// The log's head when such a try held the lock, the smallest of several: behind it its events may stand. `nil`
    /// when none has got as far as that.
    private let triedBehind: Int64?
    let reply: @Sendable (Result<AppendReceipt, EventStoreError>) -> Void

    convenience init(
        _ appends: [StreamAppend], provided conditions: [AppendCondition],
        lookedAt: [EventCondition: ConditionFinding] = [:], deadline: ContinuousClock.Instant,
        reply: @escaping @Sendable (Result<AppendReceipt, EventStoreError>) -> Void
    ) {
        self.init(
            appends.map(Stream.init), provided: conditions, lookedAt: lookedAt, deadline: deadline, reply: reply)
    }

    init(
        _ streams: [Stream], provided conditions: [AppendCondition],
        lookedAt: [EventCondition: ConditionFinding] = [:], deadline: ContinuousClock.Instant,
        reply: @escaping @Sendable (Result<AppendReceipt, EventStoreError>) -> Void
    ) {
        self.streams = streams
        self.conditions = conditions
        self.lookedAt = lookedAt
        eventCount = streams.reduce(0) { $0 + $1.eventCount }
        byteCount = streams.reduce(0) { $0 + $1.rows.byteCount }
        self.deadline = deadline
        isOutcomeUnknown = false
        triedBehind = nil
        self.reply = reply
    }

    private init(again request: AppendRequest, triedBehind: Int64?) {
        streams = request.streams
        conditions = request.conditions
        lookedAt = request.lookedAt
        eventCount = request.eventCount
        byteCount = request.byteCount
        deadline = request.deadline
        isOutcomeUnknown = true
        self.triedBehind = [request.triedBehind, triedBehind].compactMap { $0 }.min()
        reply = request.reply
    }

    /// The same append after a try of which nobody knows whether it was committed.
    ///
    /// - Parameter head: Where the log ended when that try was given the lock; `nil` when it was not. Under the lock
    ///   nothing is committed before its answer has come.
    func afterUnknownOutcome(triedBehind head: Int64?) -> AppendRequest {
        AppendRequest(again: self, triedBehind: head)
    }

    /// Whether its events have to be looked for before it may be written: nothing else would stop a repeat.
    var needsLookup: Bool { isOutcomeUnknown || streams.contains { !$0.expected.isExact } }

    /// Whether it may be recorded, and cannot be found: its events may stand at any revision, and those that were
    /// recorded since its first try may have left the database.
    func mayHaveLeft(before keptFrom: Int64) -> Bool {
        guard isOutcomeUnknown, let triedBehind, keptFrom > triedBehind + 1 else { return false }
        return streams.contains { !$0.expected.isExact }
    }

    /// Whether it can be decided by the unique index alone, without a look at the log under its lock.
    var isDecidedByIndex: Bool { conditions.isEmpty && !needsLookup }

    /// The streams whose revisions it depends on.
    var streamNames: [StreamName] {
        streams.map(\.name)
            + conditions.compactMap { condition in
                if case .stream(let name, _) = condition { name } else { nil }
            }
    }

    /// The conditions on events: what must not have been recorded after which position.
    var eventConditions: [EventCondition] { conditions.compactMap(EventCondition.init) }
}

extension AppendRequest.Stream {
    fileprivate init(_ append: StreamAppend) {
        self.init(
            name: append.stream, expected: append.expected, events: append.events, rows: NewRows.rows(of: append))
    }
}

/// A condition that no event which `query` finds has been recorded after `position`.
struct EventCondition: Hashable, Sendable {
    let query: EventQuery
    let position: Position

    init(query: EventQuery, position: Position) {
        self.query = query
        self.position = position
    }

    /// - Returns: `nil` for a condition on a stream.
    init?(_ condition: AppendCondition) {
        guard case .noEvents(let query, let position) = condition else { return nil }
        self.init(query: query, position: position)
    }

    /// The part of it that is not looked at yet.
    func behind(_ finding: ConditionFinding?) -> EventCondition {
        EventCondition(query: query, position: max(position, finding?.through ?? position))
    }
}
