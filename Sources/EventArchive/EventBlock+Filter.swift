internal import EventSourcing

extension EventBlock {
    /// Of `rows` those whose events match the filter, found without making events.
    func rows(_ rows: Range<Int>, matching filter: EventFilter) -> [Int] {
        let wantedKinds = kinds.map { kind in filter.types.map { $0.contains(kind.type) } ?? true }
        let wantedStreams = streams.map { stream in
            filter.categories.map { $0.contains(StreamCategory(recorded: stream.category)) } ?? true
        }
        let found = rows.filter { wantedKinds[kindIndex($0)] && wantedStreams[streamIndex($0)] }
        guard let query = filter.query else { return found }
        let tags = tagSets.map { Set<EventTag>(storedText: $0) }
        return found.filter { query.matches(type: kinds[kindIndex($0)].type, tags: tags[tagSetIndex($0)]) }
    }

    /// The rows of a stream's events at these revisions.
    func rows(of stream: StreamName, at revisions: ClosedRange<Int64>) -> [Int] {
        guard let index = streams.firstIndex(of: stream) else { return [] }
        return (0..<count).filter { streamIndex($0) == index && revisions.contains(revision($0).rawValue) }
    }

    func rows(correlatedBy id: CorrelationID) -> [Int] { (0..<count).filter { correlationID($0) == id } }
}
