internal import EventSourcing
internal import PostgresClient

/// A page that was read by a prepared statement; making events of it is left to the task that wants them.
final class SelectedPage: @unchecked Sendable {
    /// Only ever read: libpq lets any thread do that.
    private let rows: PostgresResult
    /// The newest position that was known when the page was asked for.
    let head: Position
    private let query: PageQuery

    init(_ rows: consuming PostgresResult, head: Position, query: PageQuery) {
        self.rows = rows
        self.head = head
        self.query = query
    }

    /// Whether it has as many events as were asked for, and not only as many bytes.
    var hasAllEvents: Bool { rows.rowCount == query.size.events }

    var byteCount: Int { EventRows.byteCount(of: rows) }

    func page() throws -> LogPage {
        let last = rows.rowCount == 0 ? nil : Position(rawValue: try rows.int64(rows.rowCount - 1, 0))
        let isFull = hasAllEvents || byteCount >= query.size.bytes
        return LogPage(
            events: try EventRows.events(of: rows, in: query.log.name),
            through: query.through(last, isFull: isFull, head: head), head: head)
    }
}
