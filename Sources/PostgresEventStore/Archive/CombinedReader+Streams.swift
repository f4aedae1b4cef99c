internal import EventArchive
internal import EventSourcing
internal import PostgresClient

/// Revisions are dense, and the last event of every stream stays in the database: what is missing between the revisions
/// that PostgreSQL answers with has left it, and is looked for in the segments. No other mark is needed.
extension CombinedReader {
    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, _ size: PageSize
    ) async throws -> StreamPage {
        let events = try await events(of: stream, from: revision, direction, size)
        return StreamPage(events, direction, isFull: PageRoom(size, behind: events).isFull)
    }

    private func events(
        of stream: StreamName, from revision: Revision?, _ direction: ReadDirection, _ size: PageSize
    ) async throws -> [RecordedEvent] {
        let rows = try await postgres.read(stream, from: revision, direction, size)
        switch direction {
        case .forwards: return try await fill(rows, of: stream, from: max(0, revision?.rawValue ?? 0), size)
        case .backwards:
            if let first = rows.first, revision == nil || first.revision == revision {
                return try await fillBackwards(rows, of: stream, from: first.revision, at: first.position, size)
            }
            guard let revision else { return [] }
            return try await readBackwards(stream, beyondEndOrLeft: revision, size)
        }
    }

    /// From a revision that was not found: it has left the database, or lies beyond the end.
    private func readBackwards(
        _ stream: StreamName, beyondEndOrLeft revision: Revision, _ size: PageSize
    ) async throws -> [RecordedEvent] {
        // The end first: what is appended meanwhile is not taken for what has left.
        guard revision.rawValue >= 0, let last = try await postgres.read(stream, from: nil, .backwards, 1).first
        else { return [] }
        let top = min(revision, last.revision)
        let rows = try await postgres.read(stream, from: top, .backwards, size)
        return try await fillBackwards(rows, of: stream, from: top, at: last.position, size)
    }

    func find(_ id: EventID, in stream: StreamName) async throws -> RecordedEvent? {
        let kept = try await postgres.look(for: id, in: stream)
        if let found = kept.events.first {
            return try await read(stream, from: found.revision, .forwards, 1).events.first { $0.id == id }
        }
        for gap in kept.gaps.reversed() {
            var found: RecordedEvent?
            try await forEachArchived(stream, gap) { event in if event.id == id { found = event } }
            if let found { return found }
        }
        return nil
    }

    func eventIDs(in stream: StreamName, through revision: Revision) async throws -> Set<EventID> {
        let kept = try await postgres.keptEvents(in: stream, through: revision)
        var ids = Set(kept.events.map(\.id))
        for gap in kept.gaps where gap.revisions.lowerBound <= revision.rawValue {
            let wanted = StreamGap(revisions: gap.revisions.clamped(to: 0...revision.rawValue), next: gap.next)
            try await forEachArchived(stream, wanted) { event in ids.insert(event.id) }
        }
        return ids
    }

    func events(correlatedBy id: CorrelationID, _ size: PageSize) async throws -> CorrelatedEvents {
        // Before and after: events leave in between, or come back.
        let keptBefore = try await postgres.keptFrom()
        let rows = try await postgres.events(correlatedBy: id, size)
        let keptFrom = max(keptBefore, try await postgres.keptFrom())
        guard keptFrom > 1 else { return CorrelatedEvents(rows, size) }
        guard let segments else { throw EventStoreError.archived("Positions 1 to \(keptFrom - 1)") }
        var known = try await segments.catalog.known()
        if known.sealedThrough < keptFrom - 1 { known = try await segments.catalog.refresh() }
        let left = known.segments.filter { $0.positions.lowerBound < keptFrom }
        let older: [RecordedEvent]
        do throws(ArchiveError) {
            older = try await segments.reader.events(correlatedBy: id, in: left, size)
        } catch {
            throw EventStoreError(error)
        }
        let found = Set(older.map(\.position))
        let events = older + rows.filter { !found.contains($0.position) }
        return CorrelatedEvents(events.sorted { $0.position < $1.position }.prefix(size), size)
    }

    // MARK: Gaps

    private func fill(
        _ rows: [RecordedEvent], of stream: StreamName, from revision: Int64, _ size: PageSize
    ) async throws -> [RecordedEvent] {
        guard let last = rows.last, last.revision.rawValue - revision >= Int64(rows.count) else { return rows }
        var room = PageRoom(size)
        var events: [RecordedEvent] = []
        var next = revision
        for row in rows {
            if next < row.revision.rawValue {
                let gap = next...min(row.revision.rawValue - 1, next + Int64(room.left.events) - 1)
                events += room.fill(from: try await archived(stream, gap, .forwards, room.left, before: row.position))
            }
            events += room.fill(from: CollectionOfOne(row))
            guard !room.isFull else { break }
            next = row.revision.rawValue + 1
        }
        return events
    }

    /// - Parameters:
    ///   - revision: The first that is wanted, which exists.
    ///   - position: It does not stand behind it.
    private func fillBackwards(
        _ rows: [RecordedEvent], of stream: StreamName, from revision: Revision, at position: Position,
        _ size: PageSize
    ) async throws -> [RecordedEvent] {
        var (next, before) = (revision.rawValue, position.advanced(by: 1))
        var room = PageRoom(size)
        var events: [RecordedEvent] = []
        for row in rows {
            if next > row.revision.rawValue {
                let gap = max(row.revision.rawValue + 1, next - Int64(room.left.events) + 1)...next
                events += room.fill(from: try await archived(stream, gap, .backwards, room.left, before: before))
            }
            events += room.fill(from: CollectionOfOne(row))
            guard !room.isFull else { return events }
            (next, before) = (row.revision.rawValue - 1, row.position)
        }
        guard next >= 0 else { return events }
        let gap = max(0, next - Int64(room.left.events) + 1)...next
        return events + room.fill(from: try await archived(stream, gap, .backwards, room.left, before: before))
    }

    /// Goes through all events of a gap, a page at a time.
    private func forEachArchived(
        _ stream: StreamName, _ gap: StreamGap, _ body: (RecordedEvent) -> Void
    ) async throws {
        var next = gap.revisions.lowerBound
        while next <= gap.revisions.upperBound {
            let part = next...min(next + Int64(Self.gapPage.events) - 1, gap.revisions.upperBound)
            let events = try await archived(stream, part, .forwards, Self.gapPage, before: gap.next)
            for event in events { body(event) }
            next += Int64(events.count)
        }
    }

    private static var gapPage: PageSize { PageSize(events: 1_000, bytes: 4 << 20) }

    /// Events of a stream that have left the database: all that are asked for, or as many as are on a page.
    ///
    /// - Parameter position: They stand before it.
    private func archived(
        _ stream: StreamName, _ revisions: ClosedRange<Int64>, _ direction: ReadDirection, _ size: PageSize,
        before position: Position
    ) async throws -> [RecordedEvent] {
        let what = "Revisions \(revisions.lowerBound) to \(revisions.upperBound) of \(stream)"
        guard let segments else { throw EventStoreError.archived(what) }
        for isSecondTry in [false, true] {
            let known = try await isSecondTry ? segments.catalog.refresh() : segments.catalog.known()
            let before = known.segments.filter { $0.positions.lowerBound < position.rawValue }
            do throws(ArchiveError) {
                let events = try await segments.reader.events(of: stream, at: revisions, in: before, direction, size)
                let areAll = events.count == revisions.count || PageRoom(size, behind: events).isFull
                if areAll, areDense(events, revisions, direction) { return events }
            } catch {
                throw EventStoreError(error)
            }
        }
        throw EventStoreError(
            .damagedArchive,
            "\(what) are neither in the database nor in the segments of \(segments.reader.folder.path).")
    }

    private func areDense(
        _ events: [RecordedEvent], _ revisions: ClosedRange<Int64>, _ direction: ReadDirection
    ) -> Bool {
        events.enumerated().allSatisfy { index, event in
            switch direction {
            case .forwards: event.revision.rawValue == revisions.lowerBound + Int64(index)
            case .backwards: event.revision.rawValue == revisions.upperBound - Int64(index)
            }
        }
    }
}

extension CorrelatedEvents {
    /// A page of them, behind which there may be more if it is full.
    fileprivate init(_ events: [RecordedEvent], _ size: PageSize) {
        self.init(events: events, isComplete: !PageRoom(size, behind: events).isFull)
    }
}
