internal import EventSourcing

/// Names an event of a log: ids are unique within a stream.
struct EventKey: Hashable {
    let stream: StreamName
    let id: EventID
}
