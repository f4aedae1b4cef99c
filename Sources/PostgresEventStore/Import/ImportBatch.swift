internal import EventSourcing

/// A batch of an import, with all that can be made of it before it holds the log's lock.
struct ImportBatch: Sendable {
    /// The events without those that come again in the batch.
    let events: [ImportedEvent]
    /// How many come again.
    let repeatedCount: Int
    /// The events' streams, each once.
    let streams: [StreamName]
    /// The place of each event's stream in ``streams``.
    let streamIndices: [Int]
    let rows: ImportRows

    init(_ events: [ImportedEvent], log: LogID) {
        var seen: Set<EventKey> = []
        seen.reserveCapacity(events.count)
        let unique = events.filter { seen.insert(EventKey($0)).inserted }
        var indices: [StreamName: Int] = [:]
        var streams: [StreamName] = []
        streamIndices = unique.map { event in
            if let index = indices[event.stream] { return index }
            indices[event.stream] = streams.count
            streams.append(event.stream)
            return streams.count - 1
        }
        self.streams = streams
        self.events = unique
        repeatedCount = events.count - unique.count
        rows = ImportRows(unique, log: log)
    }
}

extension EventKey {
    init(_ event: ImportedEvent) { self.init(stream: event.stream, id: event.event.id) }
}
