internal import EventSourcing

/// Numbers a batch of events as the log is under its lock, and leaves out those that are recorded already.
struct ImportPlan {
    /// Names an event: ids are unique within a stream.
    struct Key: Hashable {
        let stream: StreamName
        let id: EventID
    }

    /// Where an event of the batch comes to stand.
    struct Row: Equatable {
        /// Which event of the batch.
        let index: Int
        let position: Int64
        let revision: Int64
    }

    private(set) var head: Int64
    private(set) var rows: [Row] = []
    private(set) var repeatedCount = 0

    /// - Parameters:
    ///   - revisions: The last revision of each stream that has events.
    ///   - recorded: Which of the batch's events the log has.
    init(_ events: [ImportedEvent], head: Int64, revisions: [StreamName: Int64], recorded: Set<Key>) {
        self.head = head
        var revisions = revisions
        var known = recorded
        rows.reserveCapacity(events.count)
        for (index, event) in events.enumerated() {
            guard known.insert(Key(stream: event.stream, id: event.event.id)).inserted else {
                repeatedCount += 1
                continue
            }
            let revision = (revisions[event.stream] ?? -1) + 1
            revisions[event.stream] = revision
            self.head += 1
            rows.append(Row(index: index, position: self.head, revision: revision))
        }
    }
}
