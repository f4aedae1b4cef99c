internal import EventSourcing

extension CombinedReader {
    /// The receipt of an append that was refused because its events are recorded already and have left the database.
    ///
    /// An append that expects exact revisions says where its events would stand: they are looked for there. One that
    /// does not could stand anywhere, and is looked for at its stream's end alone, which never leaves the database.
    ///
    /// - Returns: `nil` when it is no such append, or that cannot be found out now.
    func receiptOfRepeat(_ appends: [StreamAppend], after error: EventStoreError) async -> AppendReceipt? {
        guard segments != nil, error.code == .conflict || error.code == .invalidAppend,
            let keptFrom = try? await postgres.keptFrom(), keptFrom > 1
        else { return nil }
        var streams: [AppendReceipt.Stream] = []
        for append in appends {
            guard let first = await firstRevision(of: append),
                let events = try? await recorded(append, from: first), events.map(\.id) == append.events.map(\.id),
                let last = events.last
            else { return nil }
            streams.append(.init(stream: append.stream, revision: last.revision, position: last.position))
        }
        return streams.isEmpty ? nil : AppendReceipt(log: postgres.log.name, streams: streams, isRepeat: true)
    }

    private func recorded(_ append: StreamAppend, from first: Revision) async throws -> [RecordedEvent] {
        try await read(append.stream, from: first, .forwards, PageSize(events: append.events.count)).events
    }

    /// Where the first event of `append` stands, if it was recorded.
    private func firstRevision(of append: StreamAppend) async -> Revision? {
        if let next = append.expected.next { return next }
        let end = try? await read(append.stream, from: nil, .backwards, 1)
        guard let end = end?.events.first, end.id == append.events.last?.id else { return nil }
        let first = end.revision.advanced(by: 1 - append.events.count)
        return first < .first ? nil : first
    }
}
