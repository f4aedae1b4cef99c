internal import EventSourcing

/// A page of history that was copied out: its bytes, of which the events' payloads become slices.
struct CopiedPage: Sendable {
    let rows: CopiedRows
    let head: Position
    let query: PageQuery

    var isFull: Bool { rows.count == query.limit }

    func page() throws -> LogPage {
        let events = try rows.events(in: query.log.name)
        return LogPage(
            events: events, through: query.through(events.last?.position, isFull: isFull, head: head), head: head)
    }
}
