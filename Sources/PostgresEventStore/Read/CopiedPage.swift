internal import EventSourcing

/// A page of history that was copied out: its bytes, of which the events' payloads become slices.
struct CopiedPage: Sendable {
    let rows: CopiedRows
    let head: Position
    let query: PageQuery

    /// Whether it is the page that was asked for: it has all events, and does not have to end before them.
    var isWhole: Bool { rows.count == query.size.events && rows.bytes.count <= query.size.bytes }

    func page() throws -> LogPage {
        let events = try rows.events(in: query.log.name)
        return LogPage(
            events: events, through: query.through(events.last?.position, isFull: true, head: head), head: head)
    }
}
