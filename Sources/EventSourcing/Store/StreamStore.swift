/// In which order a stream or a log is read.
public enum ReadDirection: String, Sendable, Hashable {
    case forwards, backwards
}

/// Streams of events, in one log or spread over several.
///
/// What works on streams is the same wherever they lie; whoever follows events goes through ``logs``.
public protocol StreamStore: Sendable {
    associatedtype Log: EventStore

    /// The logs that the streams lie in, each once, in the order of their names.
    var logs: [Log] { get }

    /// The log that `stream` lies in.
    func log(of stream: StreamName) -> Log

    /// Appends to one or more streams, all or nothing, as one commit, provided that all of `conditions` hold.
    ///
    /// Repeating an append with the same streams and event ids stores nothing and answers as the first one did.
    /// All streams that it writes or sets conditions on lie in one log; conditions on events are about that log.
    ///
    /// A task that is cancelled while its append waits for its turn gets ``EventStoreError/Code/cancelled``, and
    /// nothing was written. An append that is being written already is waited for, and answered as usual.
    ///
    /// - Throws: ``EventStoreError``; its code says whether anything was written.
    func append(
        _ appends: [StreamAppend], provided conditions: [AppendCondition]
    ) async throws(EventStoreError) -> AppendReceipt

    /// Reads events of `stream`, from `revision` on (`nil`: from the first, or backwards from the last).
    ///
    /// - Parameter limit: How much at most. A page of more events than ``ReadLimits/pageEventsMax`` is refused.
    /// - Returns: The events in the order of the read; none when the stream has no events there.
    func read(_ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: PageSize)
        async throws(EventStoreError) -> StreamPage

    /// The event of `stream` with this id, if there is one.
    func find(_ id: EventID, in stream: StreamName) async throws(EventStoreError) -> RecordedEvent?

    /// The ids of the events of `stream` up to `revision`. A snapshot does not hold them, and repeats are recognised by
    /// them.
    func eventIDs(in stream: StreamName, through revision: Revision) async throws(EventStoreError) -> Set<EventID>

    /// The newest snapshot of `stream`.
    func loadSnapshot(of stream: StreamName, schema: SnapshotSchema) async throws(EventStoreError) -> Snapshot?

    /// Replaces the snapshot of `stream` if `snapshot` is newer.
    func save(_ snapshot: Snapshot, of stream: StreamName) async throws(EventStoreError)

    /// The first events that belong to one business transaction.
    ///
    /// - Parameter limit: How much at most, as for a stream.
    func events(correlatedBy id: CorrelationID, limit: PageSize) async throws(EventStoreError) -> CorrelatedEvents
}

extension StreamStore {
    /// Appends to one or more streams, all or nothing, as one commit.
    public func append(_ appends: [StreamAppend]) async throws(EventStoreError) -> AppendReceipt {
        try await append(appends, provided: [])
    }

    /// Appends to one stream.
    public func append(
        _ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision,
        provided conditions: [AppendCondition] = []
    ) async throws(EventStoreError) -> AppendReceipt {
        try await append(
            [StreamAppend(stream: stream, expected: expected, events: events)], provided: conditions)
    }

    /// All events of `stream` after `revision`, read in pages of `pageSize`.
    public func readAll(_ stream: StreamName, after revision: Revision? = nil, pageSize: PageSize = 1_000)
        async throws(EventStoreError) -> [RecordedEvent]
    {
        var events: [RecordedEvent] = []
        var next = revision?.advanced(by: 1) ?? .first
        while true {
            let page = try await read(stream, from: next, .forwards, limit: pageSize)
            events += page.events
            guard let behind = page.next else { return events }
            next = behind
        }
    }

    public func eventIDs(
        in stream: StreamName, through revision: Revision
    ) async throws(EventStoreError) -> Set<EventID> {
        Set(try await readAll(stream).lazy.filter { $0.revision <= revision }.map(\.id))
    }

    /// The log of this name, if there is one.
    public func log(named name: LogName) -> Log? { logs.first { $0.log == name } }
}
