import EventSourcing
import PostgresClient
import Support
import Testing

@testable import PostgresEventStore

@Suite struct `Reading ahead` {
    private static let limit = 500
    /// What comes before the rows of a binary COPY.
    private static let header = Array("PGCOPY\n".utf8) + [0xFF, 13, 10, 0] + Array(repeating: 0, count: 8)

    private func query(after position: Int) -> PageQuery {
        PageQuery(
            log: .main, position: Position(rawValue: Int64(position)), direction: .forwards, filter: .all,
            size: PageSize(events: Self.limit), windowMax: 1_000)
    }

    private func stretch(after position: Int, pages: Int) throws -> Stretch {
        let head = Position(rawValue: Int64(position + pages * Self.limit))
        return try #require(Stretch(query(after: position), before: head, pageBytes: 1))
    }

    private func pages(_ stretch: Stretch, rows: [Int]) throws -> [CopiedPage] {
        try rows.enumerated().map { index, count in
            CopiedPage(
                rows: try copied(count), head: .start, query: try #require(stretch.first.next(index)))
        }
    }

    private func copied(_ rows: Int) throws -> CopiedRows {
        var pages = CopiedPages(PageSize(events: .max / 1_000), bytesMax: .max)
        for row in 0..<max(1, rows) {
            try ((row == 0 ? Self.header : []) + [0, 13, 1]).withUnsafeBytes { try pages.append($0) }
        }
        return rows == 0 ? CopiedRows(byteCapacity: 0) : pages.pages[0]
    }

    // MARK: Stretches

    @Test(
        arguments: [
            (head: 499, pageBytes: 1_000, pages: nil), (head: 500, pageBytes: 1_000, pages: 1),
            (head: 1_999, pageBytes: 1_000, pages: 3), (head: 1_000_000, pageBytes: 1_000, pages: 16),
            (head: 1_000_000, pageBytes: 1 << 20, pages: 3), (head: 1_000_000, pageBytes: 1 << 30, pages: 1),
            (head: 1_000_000, pageBytes: nil, pages: 1),
        ] as [(head: Int64, pageBytes: Int?, pages: Int?)])
    func `a stretch has as many pages as are history and fit`(_ head: Int64, _ pageBytes: Int?, _ pages: Int?) {
        let stretch = Stretch(query(after: 0), before: Position(rawValue: head), pageBytes: pageBytes)
        #expect(stretch?.pages == pages)
    }

    @Test func `a stretch knows its pages and what lies behind them`() throws {
        let stretch = try stretch(after: 1_000, pages: 3)
        #expect(
            [500, 1_000, 1_200, 1_500, 2_000, 2_500].map { stretch.index(of: query(after: $0)) } == [
                nil, 0, nil, 1, 2, nil,
            ])
        #expect(stretch.next == query(after: 2_500))
        let others = PageQuery(
            log: .main, position: Position(rawValue: 1_500), direction: .forwards, filter: EventFilter(types: ["A"]),
            size: PageSize(events: Self.limit), windowMax: 1_000)
        #expect(!stretch.contains(others))
    }

    @Test func `pages that are larger than expected are not kept, but for the first`() throws {
        var pages = CopiedPages(2, bytesMax: 40)
        for row in 0..<8 {
            try ((row == 0 ? Self.header : []) + Array(repeating: 7, count: row < 2 ? 100 : 10)).withUnsafeBytes {
                try pages.append($0)
            }
        }
        #expect(pages.pages.map(\.count) == [2])
        pages = CopiedPages(2, bytesMax: 40)
        for row in 0..<8 {
            try ((row == 0 ? Self.header : []) + Array(repeating: 7, count: 15)).withUnsafeBytes {
                try pages.append($0)
            }
        }
        #expect(pages.pages.map(\.count) == [2, 1])
    }

    @Test func `a page that must end before its last event is not kept whole, and is of no use`() throws {
        let size = PageSize(events: 3, bytes: 250)
        var pages = CopiedPages(size, bytesMax: 1_000)
        for row in 0..<6 {
            try ((row == 0 ? Self.header : []) + Array(repeating: 7, count: 100)).withUnsafeBytes {
                try pages.append($0)
            }
        }
        #expect(pages.pages.map(\.count) == [3])
        let query = PageQuery(
            log: .main, position: nil, direction: .forwards, filter: .all, size: size, windowMax: 1_000)
        #expect(!CopiedPage(rows: pages.pages[0], head: .start, query: query).isWhole)
    }

    // MARK: Fetching

    /// What is forgotten is cancelled, so that no more than these are in memory.
    @Test func `keeps sixteen stretches at most, and gives up the oldest ones`() async throws {
        let fetches = Fetches()
        let ahead = ReadAhead()
        for position in 0..<20 {
            ahead.start(try stretch(after: position, pages: 1)) {
                await fetches.begin(position)
                do { try await Task.sleep(for: .seconds(60)) } catch { await fetches.cancel(position) }
                throw CancellationError()
            }
        }
        try await eventually { await fetches.has(begun: 20, cancelled: 4) }
        #expect(await fetches.cancelled == Set(0..<4))
    }

    @Test func `fetches a stretch once`() async throws {
        let fetches = Fetches()
        let ahead = ReadAhead()
        for number in 0..<3 {
            ahead.start(try stretch(after: 1, pages: 2)) {
                await fetches.begin(number)
                throw CancellationError()
            }
        }
        #expect(await ahead.take(query(after: 1)) == nil, "a page that could not be fetched is asked for again")
        #expect(await ahead.take(query(after: 2)) == nil)
        #expect(await fetches.begun == [0])
    }

    @Test func `gives out the pages of a stretch, and forgets it with the last`() async throws {
        let ahead = ReadAhead()
        let stretch = try stretch(after: 0, pages: 3)
        let fetched = try pages(stretch, rows: [500, 500, 500])
        ahead.start(stretch) { fetched }
        for position in [0, 500, 1_000] {
            #expect(await ahead.take(query(after: position))?.query == query(after: position))
        }
        #expect(ahead.stretch(with: query(after: 0)) == nil)
    }

    @Test(arguments: [[500, 499], [500], []])
    func `forgets a stretch that is not full, from where it is not`(_ rows: [Int]) async throws {
        let ahead = ReadAhead()
        let stretch = try stretch(after: 0, pages: 3)
        let fetched = try pages(stretch, rows: rows)
        ahead.start(stretch) { fetched }
        let full = rows.count { $0 == 500 }
        for index in 0..<full { #expect(await ahead.take(query(after: index * 500)) != nil) }
        #expect(await ahead.take(query(after: full * 500)) == nil)
        #expect(ahead.stretch(with: query(after: 0)) == nil)
    }

    private actor Fetches {
        private(set) var begun: Set<Int> = []
        private(set) var cancelled: Set<Int> = []
        func has(begun: Int, cancelled: Int) -> Bool {
            self.begun.count == begun && self.cancelled.count == cancelled
        }
        func begin(_ number: Int) { begun.insert(number) }
        func cancel(_ number: Int) { cancelled.insert(number) }
    }
}
