internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Decides a group of appends against the log as it is under the lock: each request gets its own outcome, and one
/// stale expected revision refuses one request and not its neighbours.
struct GroupPlan {
    /// Where an event stands that was recorded before.
    struct Recorded: Hashable {
        let revision: Int64
        let position: Int64
    }

    struct EventKey: Hashable {
        let stream: StreamName
        let id: EventID
    }

    enum Outcome {
        case accepted(AppendReceipt)
        case repeated(AppendReceipt)
        case refused(EventStoreError)
        /// Not as expected; whether it is a repeat is not known yet.
        case unmet(EventStoreError.Conflict)
    }

    private(set) var head: Int64
    /// The last revision of each stream that the group names, kept up as requests are accepted.
    private(set) var revisions: [StreamName: Int64]
    private var recorded: [EventKey: Recorded]
    private(set) var rows = EventColumns()
    private(set) var outcomes: [Outcome] = []

    init(head: Int64, revisions: [StreamName: Int64], recorded: [EventKey: Recorded]) {
        self.head = head
        self.revisions = revisions
        self.recorded = recorded
    }

    mutating func decide(_ requests: [AppendRequest]) {
        for request in requests { outcomes.append(decide(request)) }
    }

    /// The requests that are not as expected, by index.
    var unmet: [Int] {
        outcomes.indices.filter { if case .unmet = outcomes[$0] { true } else { false } }
    }

    /// Decides the requests that were not as expected, now that it is known which of their events are recorded.
    mutating func resolveUnmet(_ requests: [AppendRequest], recorded: [EventKey: Recorded]) {
        self.recorded.merge(recorded) { _, new in new }
        for index in unmet {
            guard case .unmet(let conflict) = outcomes[index] else { continue }
            outcomes[index] = repetition(of: requests[index]) ?? .refused(EventStoreError(conflict))
        }
    }

    private mutating func decide(_ request: AppendRequest) -> Outcome {
        if request.needsLookup, let repetition = repetition(of: request) { return repetition }
        for stream in request.streams {
            let current = revisions[stream.name].flatMap { $0 < 0 ? nil : Revision(rawValue: $0) }
            guard stream.expected.isMet(by: current) else {
                return .unmet(.init(stream: stream.name, expected: stream.expected, actual: current))
            }
        }
        return .accepted(AppendReceipt(streams: request.streams.map { record($0) }, isRepeat: false))
    }

    private mutating func record(_ stream: AppendRequest.Stream) -> AppendReceipt.Stream {
        var revision = revisions[stream.name] ?? StreamRevisions.none
        for event in stream.events {
            revision += 1
            head += 1
            rows.append(event, stream: stream.name, revision: revision)
        }
        revisions[stream.name] = revision
        return .init(
            stream: stream.name, revision: Revision(rawValue: revision), position: Position(rawValue: head))
    }

    /// - Returns: `nil` when none of the request's events is recorded.
    private func repetition(of request: AppendRequest) -> Outcome? {
        var found: [AppendReceipt.Stream] = []
        var foundCount = 0
        for stream in request.streams {
            let places = stream.events.compactMap { place(of: EventKey(stream: stream.name, id: $0.event.id)) }
            foundCount += places.count
            guard let last = places.max(by: { $0.revision < $1.revision }) else { continue }
            found.append(
                .init(
                    stream: stream.name, revision: Revision(rawValue: last.revision),
                    position: Position(rawValue: last.position)))
        }
        guard foundCount > 0 else { return nil }
        guard foundCount == request.eventCount else {
            return .refused(.partlyRecorded(foundCount, of: request.eventCount))
        }
        return .repeated(AppendReceipt(streams: found, isRepeat: true))
    }

    /// Where an event stands: in the log, or among what this group is about to add to it.
    private func place(of key: EventKey) -> Recorded? {
        if let known = recorded[key] { return known }
        guard let index = rows.index(of: key) else { return nil }
        return Recorded(revision: rows.revisions[index], position: head - Int64(rows.count - 1 - index))
    }
}

/// The rows that a group adds, column by column, as `unnest` takes them.
struct EventColumns {
    private(set) var streamNames: [StreamName] = []
    private(set) var revisions: [Int64] = []
    private(set) var events: [AppendRequest.Event] = []

    var count: Int { events.count }

    mutating func append(_ event: AppendRequest.Event, stream: StreamName, revision: Int64) {
        streamNames.append(stream)
        revisions.append(revision)
        events.append(event)
    }

    func index(of key: GroupPlan.EventKey) -> Int? {
        events.indices.first { events[$0].event.id == key.id && streamNames[$0] == key.stream }
    }

    var parameters: [PostgresValue] {
        [
            .int16Array(events.map { Int16($0.event.schemaVersion) }),
            .int16Array(events.map { $0.event.contentType.rawValue }),
            .int64Array(revisions),
            .uuidArray(events.map { $0.event.id.rawValue.uuid }),
            .uuidArray(events.map { $0.event.metadata.correlationID.rawValue.uuid }),
            .optionalUUIDArray(events.map { $0.event.metadata.causationID?.rawValue.uuid }),
            .textArray(streamNames.map(\.rawValue)),
            .textArray(events.map { $0.event.type.rawValue }),
            .bytesArray(events.map { $0.storedMetadata[...] }),
            .bytesArray(events.map { $0.event.payload[...] }),
        ]
    }
}
