internal import EventSourcing

/// A group of appends that expect exact revisions, each of which follows what is known of its streams: the unique index
/// decides whether that is still so, and all of them are written or none.
///
/// Most appends are written this way, so it looks up each stream once, and touches no event.
struct ExactGroup {
    let requests: [AppendRequest]
    private(set) var rows: NewRows
    /// Streams of which nothing is known, with the revision that the first append to them expects.
    ///
    /// A stream that is expected to be new need not be compared: if it has events, its revision 0 is taken. Only where
    /// events have left the database may there be later ones without it.
    private(set) var assumed: [(stream: StreamName, revision: Int64)] = []
    /// Of the stream of each part of the rows.
    private var entries: [StreamRevisions.Entry] = []

    /// - Parameter newStreamsAreCompared: Whether events may have left the database.
    /// - Returns: `nil` when an append is not of this kind. What is known may only be out of date.
    init?(_ requests: [AppendRequest], _ known: inout StreamRevisions, newStreamsAreCompared: Bool) {
        self.requests = requests
        rows = NewRows(partCount: requests.count)
        entries.reserveCapacity(requests.count)
        known.beginGroup()
        for request in requests {
            guard request.isDecidedByIndex else { return nil }
            for index in request.streams.indices {
                guard add(request, index, &known, newStreamsAreCompared) else { return nil }
            }
        }
    }

    private mutating func add(
        _ request: AppendRequest, _ index: Int, _ known: inout StreamRevisions, _ newStreamsAreCompared: Bool
    ) -> Bool {
        let name = request.streams[index].name
        let expected = request.streams[index].expected.lastRevision
        let entry = known.entry(of: name)
        if let current = known.revision(in: entry) {
            guard current == expected else { return false }
        } else if expected != StreamRevisions.none || newStreamsAreCompared {
            assumed.append((name, expected))
        }
        rows.append(request, index, firstRevision: expected + 1)
        known.plan(expected + Int64(request.streams[index].eventCount), in: entry)
        entries.append(entry)
        return true
    }

    /// Records that it was written.
    ///
    /// - Parameter head: The log's head with this group in it.
    func update(_ known: inout StreamRevisions, head: Int64) {
        for (entry, part) in zip(entries, rows.parts) { known.confirm(part.lastRevision, in: entry) }
        known.advance(to: head, count: rows.count)
    }

    /// Tells each caller where its events stand.
    func reply(_ log: LogName, behind oldHead: Int64) {
        var next = 0
        for request in requests {
            let parts = rows.parts[next..<next + request.streams.count]
            next += parts.count
            request.reply(
                .success(
                    AppendReceipt(log: log, streams: parts.map { $0.receipt(behind: oldHead) }, isRepeat: false)))
        }
    }
}

extension ExpectedRevision {
    /// The revision of the last event of a stream that is as expected, where only one will do.
    fileprivate var lastRevision: Int64 {
        if case .exact(let revision) = self { revision.rawValue } else { StreamRevisions.none }
    }
}
