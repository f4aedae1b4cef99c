internal import EventSourcing
internal import NIOConcurrencyHelpers

/// What a reader has seen.
struct ReaderRecord: Sendable {
    struct Sighting: Sendable, Hashable {
        let position: Int64
        let id: EventID
        let stream: StreamName
        let revision: Int64
    }

    let name: String
    /// The events it asks for; `nil`: all.
    let type: EventType?
    var seen: [Sighting] = []
    /// It has been told that there is nothing more up to here.
    var through = Position.start
    /// How often its subscription ended with an error, and was taken up again.
    var failures = 0
}

/// Follows the log from its beginning; when its subscription fails it goes on where it was, as readers do.
final class Follower: Sendable {
    private let state: NIOLockedValueBox<ReaderRecord>

    init(_ name: String, type: EventType? = nil) {
        state = NIOLockedValueBox(ReaderRecord(name: name, type: type))
    }

    var record: ReaderRecord { state.withLockedValue { $0 } }
    var through: Position { state.withLockedValue { $0.through } }

    /// Works until the task is cancelled.
    func run(_ store: some EventStore, pageSize: Int) async {
        let filter = EventFilter(types: state.withLockedValue { $0.type }.map { [$0] })
        while !Task.isCancelled {
            do {
                for try await batch in store.subscribe(
                    after: through, filter: filter, pageSize: PageSize(events: pageSize))
                {
                    state.withLockedValue { state in
                        state.seen += batch.events.map { ReaderRecord.Sighting($0) }
                        state.through = batch.position
                    }
                }
            } catch {
                state.withLockedValue { $0.failures += 1 }
                await pause(.milliseconds(50))
            }
        }
    }
}

extension ReaderRecord.Sighting {
    init(_ event: RecordedEvent) {
        self.init(
            position: event.position.rawValue, id: event.id, stream: event.stream, revision: event.revision.rawValue)
    }

    /// What a reader has to see of `event`.
    init(_ event: LoggedEvents.Event) {
        self.init(position: event.position, id: event.id, stream: event.stream, revision: event.revision)
    }
}
