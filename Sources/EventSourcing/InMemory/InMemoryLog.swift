/// The log of an ``InMemoryEventStore``, as a plain value.
struct InMemoryLog {
    let name: LogName
    let now: @Sendable () -> Timestamp
    private(set) var events: [RecordedEvent] = []
    private var streams: [StreamName: [Int]] = [:]
    var snapshots: [StreamName: Snapshot] = [:]
    var waiters: [Waiter] = []

    init(name: LogName, now: @escaping @Sendable () -> Timestamp) {
        self.name = name
        self.now = now
    }

    /// In no order.
    var streamNames: some Collection<StreamName> { streams.keys }

    var head: Position { Position(rawValue: Int64(events.count)) }

    func events(of stream: StreamName) -> [RecordedEvent] {
        streams[stream, default: []].map { events[$0] }
    }

    mutating func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) -> (result: Result<AppendReceipt, EventStoreError>, waiters: [Waiter]) {
        let objection = objection(to: appends, provided: conditions)
        // An append that found its streams as it expected, revision and all, cannot have been recorded before.
        if objection != nil || appends.contains(where: { !$0.expected.isExact }),
            let outcome = outcomeOfRepeat(appends)
        {
            return (outcome, [])
        }
        if let objection { return (.failure(objection), []) }
        let recordedAt = now()
        let receipt = AppendReceipt(log: name, streams: appends.map { record($0, at: recordedAt) }, isRepeat: false)
        defer { waiters = [] }
        return (.success(receipt), waiters)
    }

    /// The first expectation or condition that does not hold.
    private func objection(to appends: [StreamAppend], provided conditions: [AppendCondition]) -> EventStoreError? {
        for append in appends where !append.expected.isMet(by: revision(of: append.stream)) {
            return EventStoreError(
                EventStoreError.Conflict(
                    stream: append.stream, expected: append.expected, actual: revision(of: append.stream)))
        }
        for condition in conditions {
            switch condition {
            case .stream(let stream, let expected):
                guard !expected.isMet(by: revision(of: stream)) else { continue }
                return EventStoreError(
                    EventStoreError.Conflict(stream: stream, expected: expected, actual: revision(of: stream)))
            case .noEvents(let query, let position):
                let later = events.dropFirst(Int(clamping: position.rawValue))
                guard let found = later.last(where: { query.matches(type: $0.type, tags: $0.tags) }) else { continue }
                return EventStoreError(.init(condition: condition, position: found.position))
            }
        }
        return nil
    }

    private func revision(of stream: StreamName) -> Revision? {
        streams[stream]?.last.map { events[$0].revision }
    }

    /// - Returns: `nil` when none of the events is recorded.
    private func outcomeOfRepeat(_ appends: [StreamAppend]) -> Result<AppendReceipt, EventStoreError>? {
        var found: [AppendReceipt.Stream] = []
        var foundCount = 0
        for append in appends {
            let recorded = recorded(append)
            foundCount += recorded.count
            guard let last = recorded.last else { continue }
            found.append(.init(stream: append.stream, revision: last.revision, position: last.position))
        }
        let eventCount = appends.reduce(0) { $0 + $1.events.count }
        guard foundCount > 0 else { return nil }
        guard foundCount == eventCount else { return .failure(.partlyRecorded(foundCount, of: eventCount)) }
        return .success(AppendReceipt(log: name, streams: found, isRepeat: true))
    }

    /// The events of an append that are recorded: where they would stand, when it expects an exact revision.
    private func recorded(_ append: StreamAppend) -> [RecordedEvent] {
        let events = events(of: append.stream)
        guard let first = append.expected.next else {
            let ids = Set(append.events.map(\.id))
            return events.filter { ids.contains($0.id) }
        }
        return zip(events.dropFirst(Int(clamping: first.rawValue)), append.events).filter { $0.id == $1.id }.map(\.0)
    }

    private mutating func record(_ append: StreamAppend, at recordedAt: Timestamp) -> AppendReceipt.Stream {
        var indices = streams[append.stream, default: []]
        for event in append.events {
            let recorded = RecordedEvent(
                event, log: name, position: head.advanced(by: 1), stream: append.stream,
                revision: Revision(rawValue: Int64(indices.count)), recordedAt: recordedAt)
            indices.append(events.count)
            events.append(recorded)
        }
        streams[append.stream] = indices
        return .init(
            stream: append.stream, revision: Revision(rawValue: Int64(indices.count - 1)), position: head)
    }

    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, _ size: PageSize
    ) -> StreamPage {
        let all = events(of: stream)
        let range =
            switch direction {
            case .forwards: Array(all.drop { $0.revision < revision ?? .first })
            case .backwards: Array(all.reversed().drop { $0.revision > revision ?? $0.revision })
            }
        var room = PageRoom(size)
        return StreamPage(room.fill(from: range), direction, isFull: room.isFull)
    }

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, _ size: PageSize
    ) -> LogPage {
        let end: Position = direction == .forwards ? head : .start
        let range: [RecordedEvent] =
            switch direction {
            case .forwards: Array(events.dropFirst(Int(clamping: max(0, (position ?? .start).rawValue))))
            case .backwards:
                events.prefix(position.map { max(0, Int(clamping: $0.advanced(by: -1).rawValue)) } ?? events.count)
                    .reversed()
            }
        var room = PageRoom(size)
        let page = room.fill(from: range.lazy.filter(filter.matches))
        let through = room.isFull ? page.last?.position ?? end : end
        return LogPage(
            events: page, through: max(through, direction == .forwards ? position ?? .start : .start), head: head)
    }
}
