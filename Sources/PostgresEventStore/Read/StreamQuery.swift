internal import EventSourcing
internal import PostgresClient

/// The statements that read one page of a stream.
///
/// Most pages are short, and to add up what events take costs a statement as much as to read ten of them. So a page
/// begins with a few events that come as they are, and only what follows is cut by its size.
struct StreamQuery {
    /// How many events a page begins with.
    static let beginningEvents = 16

    let log: LogID
    let stream: StreamName
    let start: Int64
    let direction: ReadDirection
    let size: PageSize

    init(_ log: LogID, _ stream: StreamName, from revision: Revision?, _ direction: ReadDirection, _ size: PageSize) {
        self.log = log
        self.stream = stream
        self.direction = direction
        self.size = size
        start = revision?.rawValue ?? (direction == .forwards ? 0 : .max)
    }

    var beginning: (sql: String, parameters: [PostgresValue]) {
        let sql = """
            SELECT \(EventRows.columns) FROM strata.events
            WHERE \(condition) ORDER BY revision \(direction == .forwards ? "ASC" : "DESC") LIMIT $4
            """
        return (sql, key + [.int64(Int64(min(size.events, Self.beginningEvents)))])
    }

    /// The page, which ends where it is full.
    var page: (sql: String, parameters: [PostgresValue]) {
        let sql = EventRows.pageSQL(
            from: "strata.events", where: condition, by: "revision", direction, limit: "$4", bytes: "$5")
        return (sql, key + [.int64(Int64(size.events)), .int64(Int64(size.bytes))])
    }

    /// What is left of the page behind `events`; `nil` when that is nothing.
    func rest(behind events: [RecordedEvent]) -> StreamQuery? {
        let room = PageRoom(size, behind: events)
        let page = StreamPage(events, direction, isFull: true)
        guard !room.isFull, let next = page.next else { return nil }
        return StreamQuery(log, stream, from: next, direction, room.left)
    }

    private var condition: String {
        "log = $1 AND stream = $2 AND revision \(direction == .forwards ? ">=" : "<=") $3"
    }

    private var key: [PostgresValue] { [.int32(log.rawValue), .text(stream.rawValue), .int64(start)] }
}
