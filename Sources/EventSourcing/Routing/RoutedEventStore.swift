/// Streams that are spread over several logs, which may lie in different databases.
///
/// Everything that works on a stream goes to the stream's log. Nothing is promised about the order between logs, and no
/// append writes to two of them.
public struct RoutedEventStore<Log: EventStore>: StreamStore {
    public let logs: [Log]
    public let routing: LogRouting
    private let byName: [LogName: Log]

    /// - Parameter logs: Every log that `routing` names, each once; there may be more.
    public init(_ logs: [Log], routing: LogRouting = LogRouting()) {
        byName = Dictionary(uniqueKeysWithValues: logs.map { ($0.log, $0) })
        precondition(routing.logs.isSubset(of: byName.keys), "the routing names a log that is not there")
        self.logs = logs.sorted { $0.log < $1.log }
        self.routing = routing
    }

    /// The log that `stream` lies in.
    public func log(of stream: StreamName) -> Log {
        guard let log = byName[routing.log(of: stream)] else { preconditionFailure("checked by the initialiser") }
        return log
    }

    /// - Throws: ``EventStoreError/Code/invalidAppend`` when the append's streams, or those of its conditions, lie in
    ///   different logs, or when it depends on events in general and its streams are spread over logs by a hash: the
    ///   condition would see one of them. Nothing was written then.
    public func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt {
        guard let first = appends.first else {
            throw EventStoreError(.invalidAppend, "The append has no events. Nothing was written.")
        }
        let log = log(of: first.stream)
        for stream in appends.dropFirst().map(\.stream) + conditions.compactMap(\.stream) {
            let other = routing.log(of: stream)
            guard other == log.log else {
                throw .severalLogs((first.stream, log.log), (stream, other))
            }
        }
        if let spread = appends.map(\.stream).first(where: routing.isSpread),
            conditions.contains(where: { $0.stream == nil })
        {
            throw .conditionOnSpreadStreams(spread)
        }
        return try await log.append(appends, provided: conditions)
    }

    public func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: PageSize
    ) async throws(EventStoreError) -> StreamPage {
        try await log(of: stream).read(stream, from: revision, direction, limit: limit)
    }

    public func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent? {
        try await log(of: stream).find(id, in: stream)
    }

    public func eventIDs(
        in stream: StreamName, through revision: Revision
    ) async throws(EventStoreError) -> Set<EventID> {
        try await log(of: stream).eventIDs(in: stream, through: revision)
    }

    public func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot? {
        try await log(of: stream).loadSnapshot(of: stream, schema: schema)
    }

    public func save(_ snapshot: Snapshot, of stream: StreamName) async throws(EventStoreError) {
        try await log(of: stream).save(snapshot, of: stream)
    }

    /// Asks one log after the other.
    public func events(correlatedBy id: CorrelationID, limit: PageSize) async throws(EventStoreError)
        -> CorrelatedEvents
    {
        var events: [RecordedEvent] = []
        var areComplete = true
        for log in logs {
            let found = try await log.events(correlatedBy: id, limit: limit)
            events += found.events
            areComplete = areComplete && found.isComplete
        }
        var room = PageRoom(limit)
        let page = room.fill(from: events.inOneOrder)
        return CorrelatedEvents(events: page, isComplete: areComplete && page.count == events.count)
    }
}

extension AppendCondition {
    /// The stream that the condition is about, if it is about one.
    fileprivate var stream: StreamName? {
        if case .stream(let stream, _) = self { stream } else { nil }
    }
}

extension EventStoreError {
    fileprivate static func conditionOnSpreadStreams(_ stream: StreamName) -> EventStoreError {
        EventStoreError(
            .invalidAppend,
            """
            The append to \(stream) depends on what has been recorded in general, but streams like it are spread over \
            several logs, and a condition is checked in one. Nothing was written; what must hold across streams needs \
            streams that are routed to one log.
            """)
    }

    fileprivate static func severalLogs(
        _ left: (stream: StreamName, log: LogName), _ right: (stream: StreamName, log: LogName)
    ) -> EventStoreError {
        EventStoreError(
            .invalidAppend,
            """
            The append names \(left.stream), which lies in the log \(left.log), and \(right.stream), which lies in the log \
            \(right.log): one append is written to one log. Nothing was written; append to each log by itself.
            """)
    }
}
