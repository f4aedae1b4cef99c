internal import EventSourcing
internal import PostgresClient

/// The statement that reads one page of the log.
struct PageQuery: Sendable, Hashable {
    let log: LogID
    let start: Int64
    let end: Int64
    let direction: ReadDirection
    let filter: EventFilter
    let size: PageSize

    init(
        log: LogID, position: Position?, direction: ReadDirection, filter: EventFilter, size: PageSize, windowMax: Int64
    ) {
        self.log = log
        self.direction = direction
        self.filter = filter
        self.size = size
        let window = filter.windowsPerPage.map { $0 * windowMax } ?? .max
        switch direction {
        case .forwards:
            start = max(0, position?.rawValue ?? 0)
            end = start < Int64.max - window ? start + window : .max
        case .backwards:
            start = max(0, position?.rawValue ?? .max)
            end = max(0, start - window)
        }
    }

    /// The statement and its parameters.
    var statement: (sql: String, parameters: [PostgresValue]) {
        var (source, rows, position, parameters) = range
        func parameter(_ value: PostgresValue) -> String {
            parameters.append(value)
            return "$\(parameters.count)"
        }
        if let types = filter.types {
            rows += " AND type = ANY (\(parameter(.textArray(types.map(\.rawValue).sorted())))::text[])"
        }
        if let categories = filter.categories {
            rows +=
                " AND split_part(stream, '-', 1) = ANY (\(parameter(.textArray(categories.map(\.rawValue).sorted())))::text[])"
        }
        let sql = EventRows.pageSQL(
            from: source, where: "\(rows) AND (SELECT strata.require_kept($1, \(parameter(.int64(lowest)))))",
            by: position, direction,
            limit: parameter(.int64(Int64(size.events))), bytes: parameter(.int64(Int64(size.bytes))))
        return (sql, parameters)
    }

    /// The lowest position that is looked at, which must not have left the database; the highest there is for a page
    /// that looks at none.
    private var lowest: Int64 {
        switch direction {
        case .forwards: start < .max ? start + 1 : .max
        case .backwards: start > max(1, end) ? max(1, end) : .max
        }
    }

    /// The rows that are looked at, before types and categories are.
    private var range: (source: String, rows: String, position: String, parameters: [PostgresValue]) {
        if let query = filter.query {
            // What types and categories leave of the tagged events is not known here: they are not limited.
            let limit = filter.types == nil && filter.categories == nil ? size.events : Int(Int32.max)
            let tagged = TagQuery(query, log: log, start: start, end: end, direction, limit: limit)
            return (Self.events(at: tagged.sql), "true", "wanted.number", tagged.parameters)
        }
        let comparison =
            switch direction {
            case .forwards: "position > $2 AND position <= $3"
            case .backwards: "position < $2 AND position >= $3"
            }
        let parameters: [PostgresValue] = [.int32(log.rawValue), .int64(start), .int64(end)]
        return ("strata.events", "log = $1 AND \(comparison)", "position", parameters)
    }

    /// Looks up one event after the other, in the order of `positions`. `OFFSET 0` has PostgreSQL leave it at that: of
    /// a plain join, or of `position = ANY (…)`, it makes a walk through the whole log, which has that order as well.
    private static func events(at positions: String) -> String {
        """
        (\(positions)) AS wanted (number)
        CROSS JOIN LATERAL (SELECT * FROM strata.events WHERE log = $1 AND position = wanted.number OFFSET 0) AS event
        """
    }

    /// The page that is `pages` behind this one when all of them are full; `nil` where that cannot be told before they
    /// are read.
    func next(_ pages: Int = 1) -> PageQuery? {
        let (events, overflow) = size.events.multipliedReportingOverflow(by: pages)
        guard direction == .forwards, filter == .all, !overflow, start <= Int64.max - Int64(events) else { return nil }
        return PageQuery(
            log: log, position: Position(rawValue: start + Int64(events)), direction: direction, filter: filter,
            size: size, windowMax: .max)
    }

    /// The statement of `pages` pages of the whole log, forwards, with its values in it.
    func literalSQL(pages: Int) -> String {
        """
        SELECT \(EventRows.columns) FROM strata.events
        WHERE log = \(log.rawValue) AND position > \(start)
            AND (SELECT strata.require_kept(\(log.rawValue), \(lowest)::bigint))
        ORDER BY position LIMIT \(size.events * pages)
        """
    }

    /// How far a page goes whose last event is at `last`.
    func through(_ last: Position?, isFull: Bool, head: Position) -> Position {
        if isFull, let last { return last }
        switch direction {
        case .forwards:
            let reached = Position(rawValue: min(max(head.rawValue, start), end))
            return max(reached, last ?? .start)
        case .backwards: return Position(rawValue: end)
        }
    }
}

extension EventFilter {
    /// How many windows of positions a page looks through at most; `nil` where an index leads to what is wanted, and
    /// ends a page when it is full.
    ///
    /// Categories, and types beside tags, are looked for row by row. The types of a criterion, and its tags but for
    /// one, are looked for in the index of tags alone, which is quicker.
    var windowsPerPage: Int64? {
        if self == .all { return nil }
        guard let query, categories == nil, types == nil else { return 1 }
        return query.criteria.contains { $0.types != nil || $0.tags.count > 1 } ? 4 : nil
    }
}
