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

    /// The events at `positions` that match the filter, `limit` at most.
    ///
    /// - Parameter segments: Those that cover `positions`, ascending.
    package func events(
        in segments: [SealedSegment], at positions: ClosedRange<Int64>, _ direction: ReadDirection,
        filter: EventFilter, limit: Int
    ) async throws(ArchiveError) -> [RecordedEvent] {
        try await forgettingWhatFails { () async throws(ArchiveError) in
            try await walk(segments, positions, direction, filter, limit)
        }
    }

    private func walk(
        _ segments: [SealedSegment], _ positions: ClosedRange<Int64>, _ direction: ReadDirection,
        _ filter: EventFilter, _ limit: Int
    ) async throws(ArchiveError) -> [RecordedEvent] {
        var walk = BlockWalk(segments, positions, direction, filter) { [self] (segment) throws(ArchiveError) in
            try file(of: segment)
        }
        var ahead: [Task<Result<EventBlock, ArchiveError>, Never>] = []
        let aheadMax = limit < Self.limitMin ? 1 : Self.blocksAhead
        var events: [RecordedEvent] = []
        events.reserveCapacity(filter == .all ? min(limit, positions.count) : 0)
        while events.count < limit {
            while ahead.count < aheadMax, let next = try walk.next() {
                ahead.append(cache.block(next.block, of: next.file))
            }
            guard !ahead.isEmpty else { break }
            let block = try await ahead.removeFirst().value.get()
            append(block, positions, direction, filter, limit, to: &events)
        }
        return events
    }

    private func append(
        _ block: EventBlock, _ positions: ClosedRange<Int64>, _ direction: ReadDirection, _ filter: EventFilter,
        _ limit: Int, to events: inout [RecordedEvent]
    ) {
        let room = limit - events.count
        let rows = block.rows(within: positions)
        switch (filter == .all, direction) {
        case (true, .forwards): for row in rows.prefix(room) { events.append(block.event(row)) }
        case (true, .backwards): for row in rows.suffix(room).reversed() { events.append(block.event(row)) }
        case (false, .forwards):
            for row in block.rows(rows, matching: filter).prefix(room) { events.append(block.event(row)) }
        case (false, .backwards):
            for row in block.rows(rows, matching: filter).suffix(room).reversed() { events.append(block.event(row)) }
        }
    }

    /// The events of `stream` at these revisions, in their order.
    ///
    /// - Parameter segments: Where to look, ascending; the search goes from the last to the first and ends when all are
    ///   found.
    /// - Returns: Fewer than there are revisions when the segments do not hold them all.
    package func events(
        of stream: StreamName, at revisions: ClosedRange<Int64>, in segments: [SealedSegment]
    ) async throws(ArchiveError) -> [RecordedEvent] {
        let fingerprint = Fingerprint(stream.rawValue)
        return try await forgettingWhatFails { () async throws(ArchiveError) in
            var found: [RecordedEvent] = []
            for segment in segments.reversed() {
                let file = try file(of: segment)
                let entries = try file.postings(.streams)[fingerprint]
                for entry in entries.reversed() where entry.firstRevision <= revisions.upperBound {
                    let block = try await cache.block(entry.block, of: file).value.get()
                    for row in block.rows(of: stream, at: revisions).reversed() { found.append(block.event(row)) }
                    if found.count == revisions.count { return found.reversed() }
                }
            }
            return found.reversed()
        }
    }

    /// The events with a correlation id, in the order of their positions, `limit` at most.
    package func events(
        correlatedBy id: CorrelationID, in segments: [SealedSegment], limit: Int
    ) async throws(ArchiveError) -> [RecordedEvent] {
        let fingerprint = withUnsafeBytes(of: id.rawValue.uuid) { Fingerprint($0) }
        return try await forgettingWhatFails { () async throws(ArchiveError) in
            var found: [RecordedEvent] = []
            for segment in segments {
                let file = try file(of: segment)
                for entry in try file.postings(.correlations)[fingerprint] {
                    let block = try await cache.block(entry.block, of: file).value.get()
                    for row in block.rows(correlatedBy: id) where found.count < limit { found.append(block.event(row)) }
                    if found.count == limit { return found }
                }
            }
            return found
        }
    }
}
