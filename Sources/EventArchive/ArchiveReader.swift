package import EventSourcing
internal import FoundationEssentials
internal import NIOConcurrencyHelpers

/// A range of a log that was sealed, and what its segment is known by.
package struct SealedSegment: Hashable, Sendable {
    package let number: Int64
    package let positions: ClosedRange<Int64>
    package let digest: Digest

    package init(number: Int64, positions: ClosedRange<Int64>, digest: Digest) {
        self.number = number
        self.positions = positions
        self.digest = digest
    }
}

/// Reads events from the segments of one log.
package final class ArchiveReader: Sendable {
    package let folder: SegmentFolder
    private let log: SegmentLog
    private let cache = BlockCache()
    /// The least recently used first.
    private let files = NIOLockedValueBox<[(number: Int64, file: SegmentFile)]>([])

    /// How many files are kept open, with the parts of their indexes that were needed.
    private static let filesMax = 64

    /// Blocks that are unpacked at once for one reader.
    private static let blocksAhead = 4

    /// A reader that asks for fewer events than this is given no blocks ahead.
    private static let limitMin = 500

    package init(archive: String, log: SegmentLog) {
        folder = SegmentFolder(archive: archive, log: log)
        self.log = log
    }

    /// The file of a segment, which is kept open.
    private func file(of segment: SealedSegment) throws(ArchiveError) -> SegmentFile {
        if let open = opened(segment.number), open.digest == segment.digest { return open }
        let file = try open(segment)
        files.withLockedValue { files in
            files.removeAll { $0.number == segment.number }
            files.append((segment.number, file))
            if files.count > Self.filesMax { files.removeFirst() }
        }
        return file
    }

    /// Opens what lies in the folder now, and makes sure that it is the segment that was sealed.
    package func open(_ segment: SealedSegment) throws(ArchiveError) -> SegmentFile {
        let file = try SegmentFile(path: folder.path(ofSegment: segment.number))
        guard file.digest == segment.digest, file.footer.log == log, file.positions == segment.positions else {
            throw ArchiveError(
                .wrongSegment, file: file.path, positions: segment.positions,
                "holds positions \(file.positions.lowerBound) to \(file.positions.upperBound) of log '\(file.footer.log.name)' "
                    + "with the digest \(file.digest), and the segment that was sealed has \(segment.digest).")
        }
        return file
    }

    /// What failed is not kept: somebody may put the file right, or a whole one in its place.
    private func forgettingWhatFails<R>(
        _ body: () async throws(ArchiveError) -> R
    ) async throws(ArchiveError) -> R {
        do {
            return try await body()
        } catch {
            files.withLockedValue { $0.removeAll { $0.file.path == error.file } }
            cache.forget(error.file)
            throw error
        }
    }

    private func opened(_ number: Int64) -> SegmentFile? {
        files.withLockedValue { files in
            guard let index = files.firstIndex(where: { $0.number == number }) else { return nil }
            let entry = files.remove(at: index)
            files.append(entry)
            return entry.file
        }
    }

    /// The events at `positions` that match the filter, as many as are on a page.
    ///
    /// - Parameter segments: Those that cover `positions`, ascending.
    package func events(
        in segments: [SealedSegment], at positions: ClosedRange<Int64>, _ direction: ReadDirection,
        filter: EventFilter, _ size: PageSize
    ) async throws(ArchiveError) -> [RecordedEvent] {
        try await forgettingWhatFails { () async throws(ArchiveError) in
            try await walk(segments, positions, direction, filter, size)
        }
    }

    private func walk(
        _ segments: [SealedSegment], _ positions: ClosedRange<Int64>, _ direction: ReadDirection,
        _ filter: EventFilter, _ size: PageSize
    ) async throws(ArchiveError) -> [RecordedEvent] {
        var walk = BlockWalk(segments, positions, direction, filter) { [self] (segment) throws(ArchiveError) in
            try file(of: segment)
        }
        var ahead: [Task<Result<EventBlock, ArchiveError>, Never>] = []
        let aheadMax = size.events < Self.limitMin ? 1 : Self.blocksAhead
        var room = PageRoom(size)
        var events: [RecordedEvent] = []
        events.reserveCapacity(filter == .all ? min(size.events, positions.count) : 0)
        while !room.isFull {
            while ahead.count < aheadMax, let next = try walk.next() {
                ahead.append(cache.block(next.block, of: next.file))
            }
            guard !ahead.isEmpty else { break }
            let block = try await ahead.removeFirst().value.get()
            append(block, positions, direction, filter, &room, to: &events)
        }
        return events
    }

    private func append(
        _ block: EventBlock, _ positions: ClosedRange<Int64>, _ direction: ReadDirection, _ filter: EventFilter,
        _ room: inout PageRoom, to events: inout [RecordedEvent]
    ) {
        func append(_ rows: some Sequence<Int>) {
            for row in rows {
                guard !room.isFull else { return }
                let event = block.event(row)
                room.take(event)
                events.append(event)
            }
        }
        let rows = block.rows(within: positions)
        switch (filter == .all, direction) {
        case (true, .forwards): append(rows)
        case (true, .backwards): append(rows.reversed())
        case (false, .forwards): append(block.rows(rows, matching: filter))
        case (false, .backwards): append(block.rows(rows, matching: filter).reversed())
        }
    }

    /// The events of `stream` at these revisions, in the order of the read, as many as are on a page.
    ///
    /// - Parameter segments: Where to look, ascending; the search goes from the last to the first and ends when the page
    ///   is known.
    /// - Returns: Not all of the revisions, or not the first of them, when the segments do not hold them all.
    package func events(
        of stream: StreamName, at revisions: ClosedRange<Int64>, in segments: [SealedSegment],
        _ direction: ReadDirection, _ size: PageSize
    ) async throws(ArchiveError) -> [RecordedEvent] {
        let fingerprint = Fingerprint(stream.rawValue)
        return try await forgettingWhatFails { () async throws(ArchiveError) in
            var page = PageFromItsEnd(direction, size, eventsMax: revisions.count)
            for segment in segments.reversed() {
                let file = try file(of: segment)
                let entries = try file.postings(.streams)[fingerprint]
                for entry in entries.reversed() where entry.firstRevision <= revisions.upperBound {
                    let block = try await cache.block(entry.block, of: file).value.get()
                    for row in block.rows(of: stream, at: revisions).reversed() { page.take(block.event(row)) }
                    if page.isComplete { return page.events }
                }
            }
            return page.events
        }
    }

    /// The events with a correlation id, in the order of their positions, as many as are on a page.
    package func events(
        correlatedBy id: CorrelationID, in segments: [SealedSegment], _ size: PageSize
    ) async throws(ArchiveError) -> [RecordedEvent] {
        let fingerprint = withUnsafeBytes(of: id.rawValue.uuid) { Fingerprint($0) }
        return try await forgettingWhatFails { () async throws(ArchiveError) in
            var room = PageRoom(size)
            var found: [RecordedEvent] = []
            for segment in segments {
                let file = try file(of: segment)
                for entry in try file.postings(.correlations)[fingerprint] {
                    let block = try await cache.block(entry.block, of: file).value.get()
                    found += room.fill(from: block.rows(correlatedBy: id).lazy.map(block.event))
                    if room.isFull { return found }
                }
            }
            return found
        }
    }
}
