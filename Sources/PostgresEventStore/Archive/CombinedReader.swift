internal import EventArchive
internal import EventSourcing
internal import Logging
internal import PostgresClient

/// Reads the log from segments where there are some, and from PostgreSQL where there are none. What comes out is the
/// same.
struct CombinedReader: Sendable {
    /// The segments, for a process that has them.
    struct Segments: Sendable {
        let reader: ArchiveReader
        let catalog: SegmentCatalog
    }

    let postgres: LogReader
    /// `nil` for a process that was given no folder of segments.
    let segments: Segments?
    let watcher: LogWatcher
    let logger: Logger

    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, _ size: PageSize
    ) async throws -> LogPage {
        do {
            let start = try await start(position, direction, filter)
            let query = postgres.query(after: start, direction, filter: filter, size)
            guard let segments else { return try await postgres.page(query) }
            let known = try await segments.catalog.known(at: query.start, head: watcher.head.rawValue)
            do {
                return try await page(query, known)
            } catch let error as PostgresError where error.sqlState == .archived {
                return try await page(query, segments.catalog.refresh())
            }
        } catch let error as PostgresError where error.sqlState == .archived {
            let keptFrom = try await postgres.keptFrom()
            if segments == nil, let page = try await newest(from: keptFrom, after: position, direction, filter, size) {
                return page
            }
            throw EventStoreError.archived("Positions 1 to \(keptFrom - 1) of log '\(postgres.log.name)'", cause: error)
        }
    }

    /// A page that goes backwards and is full before it comes to what has left the database.
    private func newest(
        from keptFrom: Int64, after position: Position?, _ direction: ReadDirection, _ filter: EventFilter,
        _ size: PageSize
    ) async throws -> LogPage? {
        guard direction == .backwards else { return nil }
        let start = try await start(position, direction, filter)
        let query = postgres.query(after: start, direction, filter: filter, size).down(to: keptFrom)
        guard query.start > keptFrom else { return nil }
        let page = try await postgres.page(query)
        return PageRoom(size, behind: page.events).isFull ? page : nil
    }

    /// A window that goes backwards begins at the end of the log at the latest: there is nothing to look through
    /// behind.
    private func start(
        _ position: Position?, _ direction: ReadDirection, _ filter: EventFilter
    ) async throws -> Position? {
        guard direction == .backwards, filter.windowsPerPage != nil else { return position }
        if let position, position <= watcher.head { return position }
        let end = try await postgres.head().advanced(by: 1)
        return min(position ?? end, end)
    }

    /// Where a segment cannot be read, PostgreSQL is asked for what it still has.
    private func page(_ query: PageQuery, _ known: SegmentCatalog.Known) async throws -> LogPage {
        do {
            return try await pageOfBoth(query, known)
        } catch let error as ArchiveError {
            guard let left = try await segments?.catalog.refresh().onlyWhatHasLeft,
                left.sealedThrough < known.sealedThrough
            else { throw EventStoreError(error) }
            logger.warning(
                "a segment cannot be read; what the database has is read from there", metadata: ["error": "\(error)"])
            do { return try await pageOfBoth(query, left) } catch let error as ArchiveError {
                throw EventStoreError(error)
            }
        }
    }

    private func pageOfBoth(_ query: PageQuery, _ known: SegmentCatalog.Known) async throws -> LogPage {
        switch query.direction {
        case .forwards: try await pageForwards(query, known)
        case .backwards: try await pageBackwards(query, known)
        }
    }

    private func pageForwards(_ query: PageQuery, _ known: SegmentCatalog.Known) async throws -> LogPage {
        guard query.start < known.sealedThrough else { return try await postgres.page(query) }
        let last = min(query.end, known.sealedThrough)
        let events = try await events(query, at: query.start + 1...last, query.size, known)
        let room = PageRoom(query.size, behind: events)
        if room.isFull || last == query.end {
            let through = room.isFull ? events.last?.position : nil
            return try await page(events, through: through ?? Position(rawValue: last))
        }
        let rest = try await postgres.page(query.from(last, room.left))
        return LogPage(events: events + rest.events, through: rest.through, head: rest.head)
    }

    private func pageBackwards(_ query: PageQuery, _ known: SegmentCatalog.Known) async throws -> LogPage {
        let first = max(1, query.end)
        guard query.start > first, first <= known.sealedThrough else { return try await postgres.page(query) }
        var recent: LogPage?
        var room = PageRoom(query.size)
        if query.start - 1 > known.sealedThrough {
            let page = try await postgres.page(query.down(to: known.sealedThrough + 1))
            room = PageRoom(query.size, behind: page.events)
            guard !room.isFull else { return page }
            recent = page
        }
        let last = min(query.start - 1, known.sealedThrough)
        let older = try await events(query, at: first...last, room.left, known)
        let events = (recent?.events ?? []) + older
        let through = PageRoom(query.size, behind: events).isFull ? events.last?.position : nil
        let head = if let recent { recent.head } else { try await head(past: .start) }
        return LogPage(events: events, through: through ?? Position(rawValue: query.end), head: head)
    }

    private func page(_ events: [RecordedEvent], through: Position) async throws -> LogPage {
        LogPage(events: events, through: through, head: try await head(past: through))
    }

    /// The newest position that is known; the database is asked when that is no news.
    private func head(past position: Position) async throws -> Position {
        let known = watcher.head
        return known > position ? known : try await postgres.head()
    }

    private func events(
        _ query: PageQuery, at positions: ClosedRange<Int64>, _ size: PageSize, _ known: SegmentCatalog.Known
    ) async throws(ArchiveError) -> [RecordedEvent] {
        guard let segments else { return [] }
        return try await segments.reader.events(
            in: known.segments, at: positions, query.direction, filter: query.filter, size)
    }
}

extension PageQuery {
    /// The part of the page behind `position`.
    fileprivate func from(_ position: Int64, _ size: PageSize) -> PageQuery {
        PageQuery(log: log, start: position, end: end, direction: direction, filter: filter, size: size)
    }

    /// The part of the page, which goes backwards, that does not go beyond `position`.
    fileprivate func down(to position: Int64) -> PageQuery {
        PageQuery(log: log, start: start, end: max(end, position), direction: direction, filter: filter, size: size)
    }

    private init(
        log: LogID, start: Int64, end: Int64, direction: ReadDirection, filter: EventFilter, size: PageSize
    ) {
        self.log = log
        self.start = start
        self.end = end
        self.direction = direction
        self.filter = filter
        self.size = size
    }
}

extension EventStoreError {
    /// Events that have left the database, for a process that has no segments, or not the right ones.
    static func archived(_ what: String, cause: (any Error)? = nil) -> EventStoreError {
        EventStoreError(
            .archived,
            """
            \(what) have left the database for segments. Nothing was read. Give the folder of the segments: \
            --archive FOLDER, or archiveFolder in the configuration of the event store.
            """, cause: cause)
    }

    init(_ error: ArchiveError) {
        if error.code == .missing {
            let range = error.positions.map { "Positions \($0.lowerBound) to \($0.upperBound)" } ?? "Events"
            self = .archived("\(error). \(range)", cause: error)
        } else {
            self.init(
                .damagedArchive,
                "\(error) Nothing of it was read. Put a whole copy of the segment in its place.", cause: error)
        }
    }
}
