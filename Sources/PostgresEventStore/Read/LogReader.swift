internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Reads pages of streams and of the log.
struct LogReader: Sendable {
    let log: LogID
    let pool: PostgresPool
    private let readAhead = ReadAhead()

    init(log: LogID, pool: PostgresPool) {
        self.log = log
        self.pool = pool
    }

    /// How far one page looks for events that match a filter, so that no statement runs for long.
    private static let windowMax: Int64 = 250_000

    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, _ size: PageSize
    ) async throws -> [RecordedEvent] {
        let query = StreamQuery(log, stream, from: revision, direction, size)
        return try await pool.read { session in
            func events(_ statement: (sql: String, parameters: [PostgresValue])) throws -> [RecordedEvent] {
                try EventRows.events(of: session.execute(statement.sql, statement.parameters), in: log.name)
            }
            let beginning = try events(query.beginning)
            guard beginning.count == StreamQuery.beginningEvents else { return beginning.prefix(size) }
            guard let rest = query.rest(behind: beginning) else { return beginning.prefix(size) }
            return beginning + (try events(rest.page))
        }
    }

    /// The page that a read of the log begins with.
    func query(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, _ size: PageSize
    ) -> PageQuery {
        PageQuery(
            log: log, position: position, direction: direction, filter: filter, size: size, windowMax: Self.windowMax)
    }

    func page(_ query: PageQuery) async throws -> LogPage {
        if let copied = await readAhead.take(query) {
            let byteCount = copied.rows.bytes.count
            if byteCount <= query.size.bytes / 2 {
                readAhead(behind: query, head: copied.head, pageBytes: byteCount)
            }
            return try copied.page()
        }
        let selected = try await fetch(query)
        if selected.hasAllEvents, selected.byteCount <= query.size.bytes / 2 {
            readAhead(behind: query, head: selected.head, pageBytes: nil)
        }
        return try selected.page()
    }

    /// Starts to fetch what lies behind a full page, as far as it is history.
    private func readAhead(behind query: PageQuery, head: Position, pageBytes: Int?) {
        guard query.size.events >= ReadAhead.limitMin, var next = query.next() else { return }
        // The rest of the stretch that is being read is there already.
        if let stretch = readAhead.stretch(with: next), stretch.first != next {
            guard let behind = stretch.next else { return }
            next = behind
        }
        for _ in 0..<ReadAhead.depth {
            guard let stretch = readAhead.stretch(with: next) ?? Stretch(next, before: head, pageBytes: pageBytes)
            else { return }
            readAhead.start(stretch) { [self] in try await copy(stretch, head: head) }
            guard let behind = stretch.next else { return }
            next = behind
        }
    }

    /// Copies pages out, which PostgreSQL and libpq do with less work than they have with a statement's rows.
    private func copy(_ stretch: Stretch, head: Position) async throws -> [CopiedPage] {
        try await pool.read { session in
            var copied = CopiedPages(stretch.first.size, bytesMax: 2 * Stretch.bytesMax)
            let sql = stretch.first.literalSQL(pages: stretch.pages)
            try session.copyOut("COPY (\(sql)) TO STDOUT (FORMAT binary)") { try copied.append($0) }
            return copied.pages.enumerated().compactMap { index, rows in
                stretch.first.next(index).map { CopiedPage(rows: rows, head: head, query: $0) }
            }
        }
    }

    /// Both statements see at least what was committed before the first, so a page that is not full reaches the head
    /// that the first one saw.
    private func fetch(_ query: PageQuery) async throws -> SelectedPage {
        try await pool.read { session in
            try session.pipeline { pipeline in
                try pipeline.send("SELECT head FROM strata.logs WHERE id = $1", [.int32(query.log.rawValue)])
                let (sql, parameters) = query.statement
                try pipeline.send(sql, parameters)
                try pipeline.flush()
                let headRow = try pipeline.receive()
                guard headRow.rowCount == 1 else { throw EventStoreError.missing(query.log) }
                let head = Position(rawValue: try headRow.int64(0, 0))
                return SelectedPage(try pipeline.receive(), head: head, query: query)
            }
        }
    }

    func head() async throws -> Position {
        try await pool.read { session in
            let rows = try session.execute("SELECT head FROM strata.logs WHERE id = $1", [.int32(log.rawValue)])
            guard rows.rowCount == 1 else { throw EventStoreError.missing(log) }
            return Position(rawValue: try rows.int64(0, 0))
        }
    }

    func events(correlatedBy id: CorrelationID, _ size: PageSize) async throws -> [RecordedEvent] {
        let sql = EventRows.pageSQL(
            from: "strata.events", where: "log = $1 AND correlation_id = $2", by: "position", .forwards,
            limit: "$3", bytes: "$4")
        return try await pool.read { session in
            let rows = try session.execute(
                sql,
                [
                    .int32(log.rawValue), .uuid(id.rawValue.uuid), .int64(Int64(size.events)),
                    .int64(Int64(size.bytes)),
                ])
            return try EventRows.events(of: rows, in: log.name)
        }
    }
}
