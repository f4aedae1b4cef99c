internal import EventSourcing

/// Pages of history, one behind the other, that are fetched by one statement.
///
/// Positions are dense and history does not change, so all of them are full.
struct Stretch: Sendable, Hashable {
    let first: PageQuery
    let pages: Int

    /// What a stretch may take in memory if its pages are as large as the one before them, and one page at least.
    static let bytesMax = 3 << 20
    private static let pagesMax = 16

    /// As many pages as lie at or before `head` and fit.
    ///
    /// - Parameters:
    ///   - first: A page of the whole log that is read forwards.
    ///   - pageBytes: The size of the page before; one page is fetched where it is not known.
    /// - Returns: `nil` when not even the first page lies before `head`.
    init?(_ first: PageQuery, before head: Position, pageBytes: Int?) {
        let known = Int(max(0, head.rawValue - first.start)) / first.size.events
        let fitting = pageBytes.map { Self.bytesMax / max(1, $0) } ?? 1
        guard known >= 1 else { return nil }
        self.first = first
        pages = min(known, max(1, min(fitting, Self.pagesMax)))
    }

    /// The page behind the last.
    var next: PageQuery? { first.next(pages) }

    func contains(_ query: PageQuery) -> Bool { index(of: query) != nil }

    /// Which of the pages `query` asks for.
    func index(of query: PageQuery) -> Int? {
        let events = query.start - first.start
        guard query.size == first.size, events >= 0, events % Int64(first.size.events) == 0 else { return nil }
        let index = Int(events) / first.size.events
        return index < pages && first.next(index) == query ? index : nil
    }
}
