internal import EventArchive
internal import EventSourcing
internal import PostgresClient

/// Revisions are dense, and the last event of every stream stays in the database: what is missing between the revisions
/// that PostgreSQL answers with has left it, and is looked for in the segments. No other mark is needed.
extension CombinedReader {
    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        let rows = try await postgres.read(stream, from: revision, direction, limit: limit)
        switch direction {
        case .forwards: return try await fill(rows, of: stream, from: max(0, revision?.rawValue ?? 0), limit: limit)
        case .backwards:
            if let first = rows.first, revision == nil || first.revision == revision {
                return try await fillBackwards(rows, of: stream, from: first.revision, at: first.position, limit: limit)
            }
            guard let revision else { return [] }
            return try await readBackwards(stream, beyondEndOrLeft: revision, limit: limit)
        }
    }

    /// From a revision that was not found: it has left the database, or lies beyond the end.
    private func readBackwards(
        _ stream: StreamName, beyondEndOrLeft revision: Revision, limit: Int
    ) async throws -> [RecordedEvent] {
        // The end first: what is appended meanwhile is not taken for what has left.
        guard revision.rawValue >= 0, let last = try await postgres.read(stream, from: nil, .backwards, limit: 1).first
        else { return [] }
        let top = min(revision, last.revision)
        let rows = try await postgres.read(stream, from: top, .backwards, limit: limit)
        return try await fillBackwards(rows, of: stream, from: top, at: last.position, limit: limit)
    }

    func find(_ id: EventID, in stream: StreamName) async throws -> RecordedEvent? {
        let kept = try await postgres.look(for: id, in: stream)
        if let found = kept.events.first {
            return try await read(stream, from: found.revision, .forwards, limit: 1).first { $0.id == id }
        }
        for gap in kept.gaps.reversed() {
            for part in gap.parts {
                if let found = try await archived(stream, part, before: gap.next).first(where: { $0.id == id }) {
                    return found
                }
            }
        }
        return nil
    }

    func eventIDs(in stream: StreamName, through revision: Revision) async throws -> Set<EventID> {
        let kept = try await postgres.keptEvents(in: stream, through: revision)
        var ids = Set(kept.events.map(\.id))
        for gap in kept.gaps {
            for part in gap.parts where part.lowerBound <= revision.rawValue {
                let wanted = part.clamped(to: 0...revision.rawValue)
                for event in try await archived(stream, wanted, before: gap.next) { ids.insert(event.id) }
            }
        }
        return ids
    }

    func events(correlatedBy id: CorrelationID, limit: Int) async throws -> [RecordedEvent] {
        // Before and after: events leave in between, or come back.
        let keptBefore = try await postgres.keptFrom()
        let rows = try await postgres.events(correlatedBy: id, limit: limit)
        let keptFrom = max(keptBefore, try await postgres.keptFrom())
        guard keptFrom > 1 else { return rows }
        guard let segments else { throw EventStoreError.archived("Positions 1 to \(keptFrom - 1)") }
        var known = try await segments.catalog.known()
        if known.sealedThrough < keptFrom - 1 { known = try await segments.catalog.refresh() }
        let left = known.segments.filter { $0.positions.lowerBound < keptFrom }
        let older: [RecordedEvent]
        do throws(ArchiveError) {
            older = try await segments.reader.events(correlatedBy: id, in: left, limit: limit)
        } catch {
            throw EventStoreError(error)
        }
        let found = Set(older.map(\.position))
        let events = older + rows.filter { !found.contains($0.position) }
        return Array(events.sorted { $0.position < $1.position }.prefix(limit))
    }

    // MARK: Gaps

    private func fill(
        _ rows: [RecordedEvent], of stream: StreamName, from revision: Int64, limit: Int
    ) async throws -> [RecordedEvent] {
        guard let last = rows.last, last.revision.rawValue - revision >= Int64(rows.count) else { return rows }
        var events: [RecordedEvent] = []
        var next = revision
        for row in rows {
            let room = Int64(limit - events.count)
            if next < row.revision.rawValue {
                let gap = next...min(row.revision.rawValue - 1, next + room - 1)
                events += try await archived(stream, gap, before: row.position)
            }
            guard events.count < limit else { break }
            events.append(row)
            next = row.revision.rawValue + 1
        }
        return events
    }

    /// - Parameters:
    ///   - revision: The first that is wanted, which exists.
    ///   - position: It does not stand behind it.
    private func fillBackwards(
        _ rows: [RecordedEvent], of stream: StreamName, from revision: Revision, at position: Position, limit: Int
    ) async throws -> [RecordedEvent] {
        var (next, before) = (revision.rawValue, position.advanced(by: 1))
        var events: [RecordedEvent] = []
        for row in rows {
            let room = Int64(limit - events.count)
            if next > row.revision.rawValue {
                let gap = max(row.revision.rawValue + 1, next - room + 1)...next
                events += try await archived(stream, gap, before: before).reversed()
            }
            guard events.count < limit else { return events }
            events.append(row)
            (next, before) = (row.revision.rawValue - 1, row.position)
        }
        guard events.count < limit, next >= 0 else { return events }
        let gap = max(0, next - Int64(limit - events.count) + 1)...next
        return events + (try await archived(stream, gap, before: before)).reversed()
    }

    /// Events of a stream that have left the database.
    ///
    /// - Parameter position: They stand before it.
    private func archived(
        _ stream: StreamName, _ revisions: ClosedRange<Int64>, before position: Position
    ) async throws -> [RecordedEvent] {
        let what = "Revisions \(revisions.lowerBound) to \(revisions.upperBound) of \(stream)"
        guard let segments else { throw EventStoreError.archived(what) }
        for isSecondTry in [false, true] {
            let known = try await isSecondTry ? segments.catalog.refresh() : segments.catalog.known()
            let before = known.segments.filter { $0.positions.lowerBound < position.rawValue }
            do throws(ArchiveError) {
                let events = try await segments.reader.events(of: stream, at: revisions, in: before)
                if events.count == revisions.count { return events }
            } catch {
                throw EventStoreError(error)
            }
        }
        throw EventStoreError(
            .damagedArchive,
            "\(what) are neither in the database nor in the segments of \(segments.reader.folder.path).")
    }
}
