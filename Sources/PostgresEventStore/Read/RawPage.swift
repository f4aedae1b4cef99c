internal import EventSourcing
internal import PostgresClient

/// A page of the log as PostgreSQL sent it; making events of it is left to the task that wants them.
final class RawPage: @unchecked Sendable {
    /// Only ever read: libpq lets any thread do that.
    private let rows: PostgresResult
    let head: Position
    private let query: PageQuery

    init(_ rows: consuming PostgresResult, head: Position, query: PageQuery) {
        self.rows = rows
        self.head = head
        self.query = query
    }

    /// Whether there may be more where this page ends.
    var isFull: Bool { rows.rowCount == query.limit }

    /// How far the page goes.
    func through() throws -> Position {
        let last = rows.rowCount == 0 ? nil : Position(rawValue: try rows.int64(rows.rowCount - 1, 0))
        return query.through(last, isFull: isFull, head: head)
    }

    func page() throws -> LogPage {
        LogPage(events: try EventRows.events(of: rows, in: query.log.name), through: try through(), head: head)
    }
}
