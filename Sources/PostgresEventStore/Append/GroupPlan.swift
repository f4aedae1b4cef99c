internal import EventSourcing

/// Decides a group of appends against what is known of the log: each request gets its own outcome, and one stale
/// expected revision refuses one request and not its neighbours.
struct GroupPlan {
    /// Where an event stands that was recorded before.
    struct Recorded: Hashable {
        let revision: Int64
        let position: Int64
    }

    /// What is known of the log.
    struct Knowledge {
        var head: Int64 = 0
        /// Events before this position may have left the database.
        var keptFrom: Int64 = 1
        /// The last revision of each stream that the group names; `StreamRevisions.none` for one without events.
        var revisions: [StreamName: Int64] = [:]
        /// Which of the events of possible repeats are recorded.
        var recorded: [EventKey: Recorded] = [:]
        /// The newest event that each condition of the group forbids, if there is one.
        var forbidden: [EventCondition: Int64] = [:]
    }

    enum Outcome {
        case accepted
        case repeated(AppendReceipt)
        case refused(EventStoreError)
        /// Not as expected; whether it is a repeat is not known yet.
        case unmet(EventStoreError)
    }

    private let log: LogName
    private var known: Knowledge
    private(set) var rows = NewRows()
    private var outcomes: [Outcome] = []

    init(_ known: Knowledge, of log: LogName) {
        self.known = known
        self.log = log
    }

    var headBefore: Int64 { known.head }

    /// The log's head with the accepted requests in it.
    var head: Int64 { known.head + Int64(rows.count) }

    /// The last revision of each stream that the group names, with the accepted requests in it.
    var revisions: [StreamName: Int64] { known.revisions }

    mutating func decide(_ requests: [AppendRequest]) {
        outcomes.reserveCapacity(requests.count)
        for request in requests { outcomes.append(decide(request)) }
    }

    /// The requests that are not as expected, by index.
    var unmet: [Int] {
        outcomes.indices.filter { if case .unmet = outcomes[$0] { true } else { false } }
    }

    /// Decides the requests that were not as expected, now that it is known which of their events are recorded.
    mutating func resolveUnmet(_ requests: [AppendRequest], recorded: [EventKey: Recorded]) {
        known.recorded.merge(recorded) { _, new in new }
        for index in unmet {
            guard case .unmet(let error) = outcomes[index] else { continue }
            outcomes[index] = repetition(of: requests[index]) ?? refusal(of: requests[index], error)
        }
    }

    /// A stream that is shorter than a request expects may still grow when an earlier try was sent over a connection
    /// that is given up: the server may carry that out later, with what the request builds on.
    private func refusal(of request: AppendRequest, _ error: EventStoreError) -> Outcome {
        guard request.isOutcomeUnknown, let conflict = error.conflict, case .exact(let expected) = conflict.expected,
            conflict.actual.map({ $0 < expected }) ?? true
        else { return .refused(error) }
        return .refused(.outcomeUnknown(nil))
    }

    private mutating func decide(_ request: AppendRequest) -> Outcome {
        if request.needsLookup, let repetition = repetition(of: request) { return repetition }
        if request.mayHaveLeft(before: known.keptFrom) { return .refused(.recordedOrLeft) }
        if let objection = objection(to: request) { return .unmet(objection) }
        for (index, stream) in request.streams.enumerated() {
            rows.append(request, index, firstRevision: (known.revisions[stream.name] ?? StreamRevisions.none) + 1)
            known.revisions[stream.name, default: StreamRevisions.none] += Int64(stream.eventCount)
        }
        return .accepted
    }

    /// The first expectation or condition of `request` that does not hold.
    private func objection(to request: AppendRequest) -> EventStoreError? {
        for stream in request.streams {
            if let error = objection(to: stream.expected, of: stream.name) { return error }
        }
        for condition in request.conditions {
            switch condition {
            case .stream(let stream, let expected):
                if let error = objection(to: expected, of: stream) { return error }
            case .noEvents(let query, let position):
                let newest = newest(forbiddenBy: EventCondition(query: query, position: position))
                if let newest {
                    return EventStoreError(.init(condition: condition, position: Position(rawValue: newest)))
                }
            }
        }
        return nil
    }

    private func objection(to expected: ExpectedRevision, of stream: StreamName) -> EventStoreError? {
        let current = known.revisions[stream].flatMap { $0 < 0 ? nil : Revision(rawValue: $0) }
        guard !expected.isMet(by: current) else { return nil }
        return EventStoreError(EventStoreError.Conflict(stream: stream, expected: expected, actual: current))
    }

    /// The newest event that `condition` forbids: among what this group is about to add to the log, or in it.
    private func newest(forbiddenBy condition: EventCondition) -> Int64? {
        if let added = rows.lastIndex(foundBy: condition.query) {
            let position = known.head + Int64(added) + 1
            if position > condition.position.rawValue { return position }
        }
        return known.forbidden[condition]
    }

    /// - Returns: `nil` when none of the request's events is recorded.
    private func repetition(of request: AppendRequest) -> Outcome? {
        var found: [AppendReceipt.Stream] = []
        var foundCount = 0
        for stream in request.streams {
            let places = stream.events.compactMap { place(of: EventKey(stream: stream.name, id: $0.id)) }
            foundCount += places.count
            guard let last = places.max(by: { $0.revision < $1.revision }) else { continue }
            found.append(
                .init(
                    stream: stream.name, revision: Revision(rawValue: last.revision),
                    position: Position(rawValue: last.position)))
        }
        guard foundCount > 0 else { return nil }
        guard foundCount == request.eventCount else {
            if request.mayHaveLeft(before: known.keptFrom) { return .refused(.recordedOrLeft) }
            return .refused(
                .partlyRecorded(foundCount, of: request.eventCount, isWholeLogHere: known.keptFrom == 1))
        }
        return .repeated(AppendReceipt(log: log, streams: found, isRepeat: true))
    }

    /// Where an event stands: in the log, or among what this group is about to add to it.
    private func place(of key: EventKey) -> Recorded? {
        if let recorded = known.recorded[key] { return recorded }
        return rows.place(of: key).map { Recorded(revision: $0.revision, position: known.head + Int64($0.index) + 1) }
    }

    // MARK: Answers

    /// What each of `requests` is told once the rows stand behind `head`.
    func results(of requests: [AppendRequest], behind head: Int64) -> [Result<AppendReceipt, EventStoreError>] {
        var parts = rows.parts[...]
        return zip(requests, outcomes).map { request, outcome in
            switch outcome {
            case .accepted:
                let streams = parts.prefix(request.streams.count).map { $0.receipt(behind: head) }
                parts = parts.dropFirst(request.streams.count)
                return .success(AppendReceipt(log: log, streams: streams, isRepeat: false))
            case .repeated(let receipt): return .success(receipt)
            case .refused(let error), .unmet(let error): return .failure(error)
            }
        }
    }
}
