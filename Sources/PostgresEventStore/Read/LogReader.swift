internal import EventSourcing
internal import FoundationEssentials
internal import PostgresClient

/// Reads pages of streams and of the log.
struct LogReader: Sendable {
    let log: LogID
    let pool: PostgresPool

    /// How far one page looks for events that match a filter, so that no statement runs for long.
    private static let windowMax: Int64 = 250_000

    func read(
        _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        let (comparison, order, start) =
            switch direction {
            case .forwards: (">=", "ASC", revision?.rawValue ?? 0)
            case .backwards: ("<=", "DESC", revision?.rawValue ?? .max)
            }
        let sql = """
            SELECT \(EventRows.columns) FROM strata.events
            WHERE log = $1 AND stream = $2 AND revision \(comparison) $3 ORDER BY revision \(order) LIMIT $4
            """
        return try await pool.run { session in
            try EventRows.events(
                of: session.execute(
                    sql, [.int32(log.rawValue), .text(stream.rawValue), .int64(start), .int64(Int64(limit))]))
        }
    }

    /// Both statements see at least what was committed before the first, so a page that is not full reaches the head
    /// that the first one saw.
    func readLog(
        after position: Position?, _ direction: ReadDirection, filter: EventFilter, limit: Int
    ) async throws -> LogPage {
        try await pool.run { session in
            try session.pipeline { pipeline in
                try pipeline.send("SELECT head FROM strata.logs WHERE id = $1", [.int32(log.rawValue)])
                let page = PageQuery(
                    log: log, position: position, direction: direction, filter: filter, limit: limit,
                    windowMax: Self.windowMax)
                try pipeline.send(page.sql, page.parameters)
                try pipeline.flush()
                let headRow = try pipeline.receive()
                guard headRow.rowCount == 1 else {
                    throw EventStoreError(
                        .incompatibleSchema, "The database has no log \(log.rawValue). Run 'strata migrate'.")
                }
                let head = Position(rawValue: try headRow.int64(0, 0))
                let events = try EventRows.events(of: pipeline.receive())
                return LogPage(events: events, through: page.through(events, head: head), head: head)
            }
        }
    }

    func head() async throws -> Position {
        try await pool.run { session in
            let rows = try session.execute("SELECT head FROM strata.logs WHERE id = $1", [.int32(log.rawValue)])
            guard rows.rowCount == 1 else {
                throw EventStoreError(
                    .incompatibleSchema, "The database has no log \(log.rawValue). Run 'strata migrate'.")
            }
            return Position(rawValue: try rows.int64(0, 0))
        }
    }

    func find(_ id: EventID, in stream: StreamName) async throws -> RecordedEvent? {
        try await pool.run { session in
            try EventRows.events(
                of: session.execute(
                    """
                    SELECT \(EventRows.columns) FROM strata.events
                    WHERE log = $1 AND stream = $2 AND event_id = $3 LIMIT 1
                    """, [.int32(log.rawValue), .text(stream.rawValue), .uuid(id.rawValue.uuid)])
            ).first
        }
    }

    func events(correlatedBy id: CorrelationID, limit: Int) async throws -> [RecordedEvent] {
        try await pool.run { session in
            try EventRows.events(
                of: session.execute(
                    """
                    SELECT \(EventRows.columns) FROM strata.events
                    WHERE log = $1 AND correlation_id = $2 ORDER BY position LIMIT $3
                    """, [.int32(log.rawValue), .uuid(id.rawValue.uuid), .int64(Int64(limit))]))
        }
    }
}

/// The statement that reads one page of the log.
private struct PageQuery {
    let log: LogID
    let start: Int64
    let end: Int64
    let direction: ReadDirection
    let filter: EventFilter
    let limit: Int

    init(
        log: LogID, position: Position?, direction: ReadDirection, filter: EventFilter, limit: Int, windowMax: Int64
    ) {
        self.log = log
        self.direction = direction
        self.filter = filter
        self.limit = limit
        let isFiltered = filter != .all
        switch direction {
        case .forwards:
            start = position?.rawValue ?? 0
            end = isFiltered && start < Int64.max - windowMax ? start + windowMax : .max
        case .backwards:
            start = position?.rawValue ?? .max
            end = isFiltered && start < Int64.max ? max(0, start - windowMax) : 0
        }
    }

    var sql: String {
        let range =
            switch direction {
            case .forwards: "position > $2 AND position <= $3"
            case .backwards: "position < $2 AND position >= $3"
            }
        let types = filter.types == nil ? "" : " AND type = ANY ($5::text[])"
        let number = filter.types == nil ? 5 : 6
        let categories = filter.categories == nil ? "" : " AND split_part(stream, '-', 1) = ANY ($\(number)::text[])"
        return """
            SELECT \(EventRows.columns) FROM strata.events
            WHERE log = $1 AND \(range)\(types)\(categories)
            ORDER BY position \(direction == .forwards ? "ASC" : "DESC") LIMIT $4
            """
    }

    var parameters: [PostgresValue] {
        var values: [PostgresValue] = [.int32(log.rawValue), .int64(start), .int64(end), .int64(Int64(limit))]
        if let types = filter.types { values.append(.textArray(types.map(\.rawValue).sorted())) }
        if let categories = filter.categories { values.append(.textArray(categories.sorted())) }
        return values
    }

    func through(_ events: [RecordedEvent], head: Position) -> Position {
        if events.count == limit, let last = events.last { return last.position }
        switch direction {
        case .forwards:
            let reached = Position(rawValue: min(max(head.rawValue, start), end))
            return max(reached, events.last?.position ?? .start)
        case .backwards: return Position(rawValue: end)
        }
    }
}
