extension Sequence<RecordedEvent> {
    /// The events in one order that is the same for everybody: each log's own order holds, what led to an event stands
    /// before it, and otherwise the one that was recorded earlier is first.
    ///
    /// Clocks of different servers may disagree; what is promised is only what the first two rules say.
    public var inOneOrder: [RecordedEvent] {
        var queues = Dictionary(grouping: self, by: \.log).sorted { $0.key < $1.key }
            .map { $0.value.sorted { $0.position > $1.position } }
        guard queues.count > 1 else { return queues.first?.reversed() ?? [] }
        var pending = Set(queues.joined().map { CausationID($0.id) })
        var events: [RecordedEvent] = []
        while !queues.isEmpty {
            let ready = queues.indices.filter { index in
                queues[index].last?.causationID.map { !pending.contains($0) } ?? true
            }
            // Events that claim to have caused each other are taken by time.
            let candidates = ready.isEmpty ? Array(queues.indices) : ready
            guard let next = candidates.min(by: { queues[$0].nextTime < queues[$1].nextTime }) else { break }
            let event = queues[next].removeLast()
            pending.remove(CausationID(event.id))
            events.append(event)
            if queues[next].isEmpty { queues.remove(at: next) }
        }
        return events
    }
}

extension [RecordedEvent] {
    /// When the event was recorded whose turn is next.
    fileprivate var nextTime: Timestamp { last?.recordedAt ?? Timestamp(microsecondsSince1970: .max) }
}
