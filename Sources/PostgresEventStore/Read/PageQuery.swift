internal import EventSourcing
internal import PostgresClient

/// The statement that reads one page of the log.
struct PageQuery: Sendable, Hashable {
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

    /// The page behind this one when this one is full; `nil` where that cannot be told before it is read.
    var next: PageQuery? {
        guard direction == .forwards, filter == .all, start <= Int64.max - Int64(limit) else { return nil }
        return PageQuery(
            log: log, position: Position(rawValue: start + Int64(limit)), direction: direction, filter: filter,
            limit: limit, windowMax: .max)
    }

    /// Whether all of the page, read forwards without a filter, lies at or before `head`: positions are dense, so that
    /// it is full, and it never changes.
    func isHistory(before head: Position) -> Bool { start <= head.rawValue - Int64(limit) }

    /// The statement of a page of the whole log, forwards, with its values in it.
    var literalSQL: String {
        """
        SELECT \(EventRows.columns) FROM strata.events
        WHERE log = \(log.rawValue) AND position > \(start) ORDER BY position LIMIT \(limit)
        """
    }

    var parameters: [PostgresValue] {
        var values: [PostgresValue] = [.int32(log.rawValue), .int64(start), .int64(end), .int64(Int64(limit))]
        if let types = filter.types { values.append(.textArray(types.map(\.rawValue).sorted())) }
        if let categories = filter.categories { values.append(.textArray(categories.sorted())) }
        return values
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
